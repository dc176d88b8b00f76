create or replace function sla._url_problem(p_kind text, p_url text) returns text
language plpgsql immutable parallel safe security invoker
as $$
declare
    v_url text := regexp_replace(p_url, '\$\{(env|file):[A-Za-z0-9_]+\}', E'\x01', 'g');
    v_schemes text := case p_kind
        when 'email' then 'smtp|smtps' when 'webhook' then 'http|https' when 'redis' then 'redis|rediss|unix'
    end;
begin
    return case
        when p_url is null then case when p_kind <> 'email' then 'it has no url' end
        when p_url ~ '[[:space:][:cntrl:]]' then 'its url has blanks'
        when v_url like '%${%' then 'its url has a reference that is not like ${env:NAME} or ${file:NAME}'
        when p_kind = 'apprise' then case
            when position(E'\x01' in v_url) = 0 then
                'its url has no reference to a secret, and an Apprise URL is one through and through'
            when v_url <> E'\x01' and v_url !~ '^[A-Za-z][A-Za-z0-9+.-]*://' then 'its url has no scheme'
        end
        when v_url !~* ('^(' || v_schemes || ')://') then
            format('its url does not begin with %s', replace(v_schemes || '://', '|', ':// or '))
        when v_url ~* '^unix:' then null
        -- What stands between scheme and path: or a password with a slash in it would pass for host and path.
        when v_url !~ '^[^:]+://([^@/?#]*@)?(\[[0-9A-Fa-f:.]+\]|[^]:@/?#[]+)(:([0-9]+|\x01))?([/?#]|$)' then
            'its url has no host, or a name or password that is not percent-encoded'
        when p_kind <> 'webhook' and v_url ~ '^[^:]+://[^/?#]*/[^?#]*@' then
            'its url has an @ after the host: percent-encode the password'
    end;
end
$$;
comment on function sla._url_problem(text, text) is
'What is wrong with the form of a channel''s URL, in words that show nothing of it; null: nothing. References may stand for any part of it but the scheme; an Apprise URL may be one reference.';
