create or replace function sla.remove_message_template(p_template text, p_locale text default '') returns boolean
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant_id uuid := sla._hold_configuration();
begin
    delete from sla.message_templates t
    where t.tenant_id = v_tenant_id and t.template = p_template and t.locale = coalesce(p_locale, '');
    return found;
end
$$;
comment on function sla.remove_message_template(text, text) is
'The shipped words hold again; false when there were none of the tenant''s own for that template and language.';
