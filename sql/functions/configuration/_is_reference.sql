create or replace function sla._is_reference(p_text text) returns boolean
language sql immutable parallel safe security invoker
as $$
    select coalesce(p_text ~ '^\$\{(env|file):[A-Za-z0-9_]+\}$', false)
$$;
comment on function sla._is_reference(text) is
'Whether a text is one reference to a secret, ${env:NAME} or ${file:NAME}, and nothing else.';
