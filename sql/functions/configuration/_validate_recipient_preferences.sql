create or replace function sla._validate_recipient_preferences() returns trigger
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if not sla._is_locale(coalesce(new.locale, 'en')) then
        raise exception 'user %: "%" is no language', new.user_id, new.locale
            using errcode = 'SL063', hint = 'Write it like de or pt_BR; null is the language of the tenant.';
    end if;
    return new;
end
$$;
comment on function sla._validate_recipient_preferences() is
'Before row, on sla.recipient_preferences: refuses a language that is written otherwise than de or pt_BR (SL063).';
