create or replace function sla.claim_notifications(
    p_kind text, p_limit integer default 1, p_lease interval default '2 minutes', p_resting text[] default '{}'
)
returns table (
    tenant_id uuid,
    notification_id bigint,
    ticket_id uuid,
    event_id bigint,
    user_id uuid,
    channel text,
    kind text,
    template text,
    payload jsonb,
    attempt smallint,
    created_at timestamptz,
    recipient_name text,
    recipient_email text,
    locale text,
    url text,
    sender text,
    signing_secret text,
    config_version bigint,
    digest_id bigint,
    is_alone boolean
)
language plpgsql volatile parallel unsafe security definer
set search_path = pg_catalog, pg_temp
set jit = off -- the planner may think it worth 30 ms of compiling; the query takes less than one
-- The queue grows and empties faster than its statistics follow: each step reads a few rows by their keys, by
-- one plan.
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
    v_now timestamptz := sla.now();
    v_left integer := p_limit;
    v_lane record;
    v_digest bigint[];
    v_ids bigint[];
    v_is_alone boolean;
    v_are_digests boolean;
begin
    for v_lane in select * from sla._waiting_lanes(p_kind, p_resting, v_now) loop
        exit when v_left <= 0;
        if v_left = p_limit then
            v_ids := sla._lost_notification(v_lane.tenant_id, v_lane.channel, v_lane.max_attempts, v_now);
        end if;
        v_is_alone := v_left = p_limit and v_ids is not null;
        if not v_is_alone then
            -- From where something waits: what was delivered lately has left dead entries before it in the index.
            perform sla._drop_stale_warnings(v_lane.tenant_id, v_lane.channel, v_left, v_lane.since, v_now);
        end if;

        loop
            v_are_digests := false;
            if not v_is_alone then
                v_ids := '{}';
                for v_digest in select d.* from sla._due_digests(v_lane.tenant_id, v_lane.channel, v_left, v_now) d loop
                    v_ids := v_ids || v_digest;
                    v_left := v_left - 1;
                    v_are_digests := true;
                end loop;
            end if;
            if not v_is_alone and not v_are_digests then
                v_ids := sla._due_singles(v_lane.tenant_id, v_lane.channel, v_left, v_lane.since, v_now);
                continue when v_lane.digest_after is not null and sla._gather_digests(
                    v_lane.tenant_id, v_lane.channel, v_ids, v_lane.digest_after, v_now) > 0;
                v_left := v_left - cardinality(v_ids);
            end if;

            return query
                with claimed as (
                    update sla.notifications n
                    set attempts = n.attempts + case when v_is_alone and not n.claimed_alone then 0 else 1 end,
                        claimed_at = v_now,
                        claimed_alone = v_is_alone,
                        -- Those who went down together do not come back together: the culprit is found sooner.
                        next_attempt_at = v_now + p_lease * case when v_is_alone then 1 + random() / 2 else 1 end
                    where n.tenant_id = v_lane.tenant_id and n.notification_id = any (v_ids)
                    returning n.*
                )
                select c.tenant_id, c.notification_id, c.ticket_id, c.event_id, c.user_id, c.channel, p_kind, c.template,
                       c.payload, c.attempts, c.created_at, u.name, u.email, coalesce(p.locale, v_lane.locale), v_lane.url,
                       v_lane.sender, v_lane.signing_secret, v_lane.config_version, c.digest_id,
                       c.claimed_alone
                from claimed c
                left join helpdesk.users u on u.tenant_id = c.tenant_id and u.user_id = c.user_id
                left join sla.recipient_preferences p on p.tenant_id = c.tenant_id and p.user_id = c.user_id
                order by c.digest_id, c.notification_id;
            -- Digests are long: the rest is for the next call, or for another listener.
            if cardinality(v_ids) >= sla._digest_size() and v_are_digests then
                v_left := 0;
            end if;
            exit when not v_are_digests or v_left <= 0;
        end loop;
        exit when v_is_alone;
    end loop;
end
$$;
comment on function sla.claim_notifications(text, integer, interval, text[]) is
'Hands out up to p_limit messages of a kind (email, webhook, …) that are due, of every tenant, the longest waiting first and those of one ticket, channel and recipient in order; a digest, whose rows share digest_id, counts as one. Endpoints in p_resting are passed over (as sla.channels has them; empty: the listener''s own mail server). They are the caller''s for p_lease, and no lock is held while the channel is talked to; answer with sla.record_deliveries before it ends. What nobody answered for is handed out again, one a call (is_alone; claim no other before it is answered for): the attempt is not counted against those that were claimed with others, so that a message that ends its listener takes nobody along. Any number of listeners may call it at once. Source: architecture, Python package.';
