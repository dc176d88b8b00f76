create or replace function sla.set_message_template(p_template text, p_body text, p_locale text default '')
returns void
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant_id uuid := sla._hold_configuration();
begin
    insert into sla.message_templates (tenant_id, template, locale, body)
    values (v_tenant_id, p_template, coalesce(p_locale, ''), p_body)
    on conflict (tenant_id, template, locale) do update set body = excluded.body;
end
$$;
comment on function sla.set_message_template(text, text, text) is
'The tenant''s own words (Jinja2) for a kind of message (warning, breach, escalation, response_met, resolution_met), for digest, layout.txt or layout.html, in place of the shipped ones; p_locale: in that language only, such as de or pt_BR. Errors: SL062 unknown template, no language, an empty body.';
