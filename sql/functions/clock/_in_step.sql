create or replace function sla._in_step(p_due_date timestamptz, p_due_at timestamptz) returns boolean
language sql stable parallel safe security invoker
as $$
    select p_due_date between p_due_at - interval '1 minute' and p_due_at + interval '1 minute'
$$;
comment on function sla._in_step(timestamptz, timestamptz) is
'Whether a ticket''s due_date still is the due time that slapg filled in, give or take a minute; beyond that a person moved it (semantics §4, due_date; UTC instants).';
