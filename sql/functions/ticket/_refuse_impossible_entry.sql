create or replace function sla._refuse_impossible_entry(p_ticket_number text, p_entered_at timestamptz, p_now timestamptz)
returns void
language plpgsql stable parallel safe security invoker
as $$
begin
    raise exception 'ticket %: entered_at % is no time at which a ticket began', p_ticket_number, p_entered_at
        using errcode = 'SL020',
              hint = format('It must lie between 1990-01-01 and a day ahead of now (%s).', p_now);
end
$$;
comment on function sla._refuse_impossible_entry(text, timestamptz, timestamptz) is
'Raises SL020 for a ticket whose entered_at is infinite, before 1990 or more than a day ahead (semantics §2).';
