create or replace function sla._time_zone_known(p_timezone text) returns boolean
language plpython3u stable parallel safe security invoker cost 300
as $$
from zoneinfo import ZoneInfo

# names that the tz database's folder holds beside the zones' own
if p_timezone in ("localtime", "posixrules", "Factory") or p_timezone.startswith(("posix/", "right/")):
    return False
try:
    ZoneInfo(p_timezone)
except (KeyError, ValueError, OSError):
    return False
return True
$$;
comment on function sla._time_zone_known(text) is
    'Whether Python, which counts business time, knows that IANA time zone by exactly this name (no abbreviation such as CEST, no POSIX rule such as UTC+3).';
