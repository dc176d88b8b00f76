create or replace function sla._pause_words(p_reason text) returns text
language sql immutable parallel safe security invoker
as $$
    select case p_reason
        when 'status' then 'its status pauses it'
        when 'awaiting_client' then 'it waits for the client'
        when 'manual' then 'by hand'
        when 'closed' then 'it is closed'
        else p_reason
    end
$$;
comment on function sla._pause_words(text) is 'A reason of sla.pauses as people say it.';
