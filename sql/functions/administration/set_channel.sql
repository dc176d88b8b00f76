create or replace function sla.set_channel(
    p_channel text, p_kind text, p_url text default null, p_sender text default null,
    p_signing_secret text default null, p_max_attempts integer default 3, p_is_enabled boolean default true
) returns void
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_tenant_id uuid := sla._hold_configuration();
begin
    insert into sla.channels (tenant_id, channel, kind, url, sender, signing_secret, max_attempts, is_enabled)
    values (v_tenant_id, p_channel, p_kind, p_url, p_sender, p_signing_secret,
            -- What is out of range is for the trigger to say, in its words.
            least(greatest(p_max_attempts, 0), 32767), p_is_enabled)
    on conflict (tenant_id, channel) do update
    set kind = excluded.kind, url = excluded.url, sender = excluded.sender, signing_secret = excluded.signing_secret,
        max_attempts = excluded.max_attempts, is_enabled = excluded.is_enabled;
end
$$;
comment on function sla.set_channel(text, text, text, text, text, integer, boolean) is
'What a channel named in thresholds and notify_via stands for, in place of what it was before: kind email, webhook, apprise or redis, its URL with secrets by reference (${env:NAME}, ${file:NAME}; email with null: the listener''s own mail server), From address of e-mail, reference to the secret that signs webhooks, attempts (1 to 20) until a message is dead, and whether its messages are sent or wait. Errors: SL060 what cannot be, SL061 a secret in plain words.';
