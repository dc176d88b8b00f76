create or replace function sla._waited_for_quiet_hours(
    p_template text, p_attempts smallint, p_created_at timestamptz, p_next_attempt_at timestamptz, p_last_error text
)
returns boolean
language sql immutable parallel safe security invoker
as $$
    select p_template = 'warning' and p_attempts = 0 and p_next_attempt_at > p_created_at and p_last_error is null
$$;
comment on function sla._waited_for_quiet_hours(text, smallint, timestamptz, timestamptz, text) is
'Whether a pending notification was written to wait until its recipient works again, and has not been tried since.';
