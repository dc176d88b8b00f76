create or replace function sla._validate_message_template() returns trigger
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_known text[] := array[
        'warning', 'breach', 'escalation', 'response_met', 'resolution_met', 'digest', 'layout.txt', 'layout.html'];
    v_wrong text := case
        when coalesce(new.template <> all (v_known), true) then
            format('there is none of that name, there are %s', array_to_string(v_known, ', '))
        when new.locale <> '' and not sla._is_locale(new.locale) then
            format('"%s" is no language', new.locale)
        when coalesce(new.body !~ '[^[:space:]]', true) then 'it says nothing'
    end;
begin
    if v_wrong is not null then
        raise exception 'message template "%": %', new.template, v_wrong
            using errcode = 'SL062', hint = 'Languages are written like de or pt_BR; an empty one stands for all others.';
    end if;
    return new;
end
$$;
comment on function sla._validate_message_template() is
'Before row, on sla.message_templates: refuses an unknown template, a language that is written otherwise than de or pt_BR, and an empty body (SL062). Whether it is good Jinja2 shows when it is used: then the shipped one stands in, and the message says so in last_error.';
