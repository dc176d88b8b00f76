-- What is found is named, never shown: the words end up in logs.
create or replace function sla._plain_secret(p_url text) returns text
language plpgsql immutable parallel safe security invoker
as $$
declare
    -- A reference holds characters that would part a URL; one that cannot stand in a URL stands for it.
    v_url text := regexp_replace(p_url, '\$\{(env|file):[A-Za-z0-9_]+\}', E'\x01', 'g');
    v_user_info text := substring(v_url from '^[^:/?#]+://([^/?#]*)@');
    v_parameter text[];
begin
    if position(':' in v_user_info) > 0
       and substr(v_user_info, position(':' in v_user_info) + 1) not in ('', E'\x01') then
        return 'the password';
    end if;
    for v_parameter in select regexp_matches(substring(v_url from '\?(.*)$'), '([^&;=#?]+)=([^&;#?]*)', 'g') loop
        if v_parameter[1] ~* '(token|key|secret|sig|signature|pass|passwd|password|pwd)$'
           and v_parameter[2] not in ('', E'\x01') then
            return format('parameter "%s"', v_parameter[1]);
        end if;
    end loop;
    return null;
end
$$;
comment on function sla._plain_secret(text) is
'What in a channel''s URL is a secret in plain words: the password, or a parameter such as token, key or signature. Null: none, or only by reference.';
