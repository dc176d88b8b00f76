-- A channel without a name would fail later, when the sweep escalates a ticket: long after whoever can mend it left.
create or replace function sla._validate_escalation_manager() returns trigger
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if new.level not between 1 and 3 then
        raise exception 'board "%": there is no escalation level %', (
            select b.name from helpdesk.boards b where b.tenant_id = new.tenant_id and b.board_id = new.board_id),
            new.level
            using errcode = 'SL022', hint = 'Levels are 1, 2 and 3.';
    end if;
    if not sla._channels_named(new.notify_via) then
        raise exception 'board "%": the manager of escalation level % is told by no channel, or by an empty one', (
            select b.name from helpdesk.boards b where b.tenant_id = new.tenant_id and b.board_id = new.board_id),
            new.level
            using errcode = 'SL022', hint = 'Name each channel in notify_via, such as {in_app,email}.';
    end if;
    return new;
end
$$;
comment on function sla._validate_escalation_manager() is
'Before row, on sla.escalation_managers: refuses a level outside 1 to 3, and channels without a name (SL022).';
