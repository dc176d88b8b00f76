create or replace function sla._channel_words(p_channel text, p_state text) returns text
language sql immutable parallel safe security invoker
as $$
    select replace(p_channel, '_', ' ') || case p_state
        when 'sent' then ''
        when 'pending' then ' waiting'
        when 'dead' then ' failed'
        when 'dropped' then ' not sent'
        else ' ' || p_state
    end
$$;
comment on function sla._channel_words(text, text) is 'How somebody was told, as people say it: the channel, and what became of the message unless it was sent.';
