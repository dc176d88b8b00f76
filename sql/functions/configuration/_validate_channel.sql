-- Before the row is stored, and so before its history is: no word of a refused channel is kept.
create or replace function sla._validate_channel() returns trigger
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_secret text := sla._plain_secret(new.url);
    v_wrong text := case
        when new.channel = 'in_app' then 'it is complete in the database and needs no configuration'
        when coalesce(new.channel ~ '^[[:space:]]|[[:space:]]$|[[:cntrl:]]' or new.channel = '', true) then
            'that is no name'
        when coalesce(new.kind not in ('email', 'webhook', 'apprise', 'redis'), true) then
            format('kind "%s": it is email, webhook, apprise or redis', new.kind)
        when coalesce(new.max_attempts not between 1 and 20, true) then
            format('max_attempts %s: it lies between 1 and 20', coalesce(new.max_attempts::text, 'null'))
        when new.sender is not null and new.kind <> 'email' then 'a sender is for e-mail only'
        when new.sender !~ '[^[:space:]<>@]@[^[:space:]<>@]' or new.sender ~ '[[:cntrl:]]' then
            'its sender has no e-mail address'
        when new.signing_secret is not null and new.kind <> 'webhook' then 'a signing_secret is for webhooks only'
        else sla._url_problem(new.kind, new.url)
    end;
begin
    v_secret := case when v_secret is not null then v_secret || ' in its url'
                     when new.signing_secret is not null and not sla._is_reference(new.signing_secret) then 'the signing_secret' end;
    if v_secret is not null then
        raise exception 'channel "%": % stands there in plain words', new.channel, v_secret
            using errcode = 'SL061',
                  hint = 'Write ${env:NAME} or ${file:NAME} in its place; whoever runs slapg listen keeps the secret.';
    end if;
    if v_wrong is not null then
        raise exception 'channel "%": %', new.channel, v_wrong
            using errcode = 'SL060', hint = 'The comments of the columns of sla.channels say what each may be.';
    end if;
    return new;
end
$$;
comment on function sla._validate_channel() is
'Before row, on sla.channels: refuses what no listener could deliver to (SL060) and secrets in plain words (SL061); in its URL these are the password and parameters such as token, key, signature.';
