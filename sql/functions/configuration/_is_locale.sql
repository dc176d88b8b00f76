create or replace function sla._is_locale(p_locale text) returns boolean
language sql immutable parallel safe security invoker
as $$
    select coalesce(p_locale ~ '^[a-z]{2,3}(_[A-Za-z0-9]{2,8})*$', false)
$$;
comment on function sla._is_locale(text) is
'Whether that is how a language is written: de, pt_BR, zh_Hant. Which of them messages are in is for the templates to say.';
