-- Before the row is stored, so that these words come before those of the table's check constraints.
create or replace function sla._validate_notification_threshold() returns trigger
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    v_policy text;
begin
    select p.name into v_policy from sla.policies p
    where p.tenant_id = new.tenant_id and p.policy_id = new.policy_id;
    if new.percent not between 1 and 1000 then
        raise exception 'policy "%": a threshold at % %% of the target is out of range', v_policy, new.percent
            using errcode = 'SL018', hint = 'Thresholds lie between 1 and 1000 percent.';
    end if;
    if not sla._channels_named(new.channels) then
        raise exception 'policy "%": the threshold at % %% names no channel, or an empty one', v_policy, new.percent
            using errcode = 'SL018', hint = 'Name each channel, such as {in_app,email}; to tell nobody delete the threshold.';
    end if;
    return new;
end
$$;
comment on function sla._validate_notification_threshold() is
'Before row, on sla.notification_thresholds: refuses a percent outside 1 to 1000, and channels without a name (SL018).';
