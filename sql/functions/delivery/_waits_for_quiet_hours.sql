create or replace function sla._waits_for_quiet_hours(
    p_attempts smallint, p_next_attempt_at timestamptz, p_last_error text, p_now timestamptz
)
returns boolean
language sql immutable parallel safe security invoker
as $$
    -- One that an outage pushed back has its error, and goes on holding back those behind it.
    select p_attempts = 0 and p_next_attempt_at > p_now and p_last_error is null
$$;
comment on function sla._waits_for_quiet_hours(smallint, timestamptz, text, timestamptz) is
'Whether a pending notification waits, untried, until its recipient works again; then it holds back none of those behind it.';
