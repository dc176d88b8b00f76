create or replace function sla.next_fire_at() returns timestamptz
language plpgsql stable parallel safe security definer
set search_path = pg_catalog, pg_temp
set jit = off -- the planner may think it worth 30 ms of compiling; the query takes less than one
as $$
begin
    return (
        select c.next_fire_at
        from sla.clocks c
        where c.next_fire_at is not null
          -- A hashed list, not a join: the index is then read in order and left at the first clock that counts.
          and (c.tenant_id, c.ticket_id) not in (
            select e.tenant_id, e.ticket_id from sla.sweep_errors e where e.retry_at > sla.now())
        order by c.next_fire_at
        limit 1
    );
end
$$;
comment on function sla.next_fire_at() is
'When the next threshold of any clock is crossed (UTC instant), in the past when the sweep is late; null: none. Leaves out tickets that the last sweep could not settle, until they are due for another try. Cheap enough to be asked several times a second.';
