create or replace function sla.load_message_templates(p_tenant_id uuid)
returns table (template text, locale text, body text)
language sql stable parallel safe security definer
set search_path = pg_catalog, pg_temp
as $$
    select t.template, t.locale, t.body from sla.message_templates t where t.tenant_id = p_tenant_id
$$;
comment on function sla.load_message_templates(uuid) is
'A tenant''s own message templates (Jinja2), for the listener, which speaks for every tenant; they hold as long as the config_version of its notifications stays the same. An empty locale is for every language without one of its own.';
