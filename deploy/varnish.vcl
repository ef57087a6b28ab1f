# Newsroom behind Varnish 7: a sample to adapt where it says CHANGE.
#
# Varnish speaks no TLS: what stands before it (nginx, hitch) sets X-Forwarded-For and
# X-Forwarded-Proto. Newsroom needs TRUSTED_PROXY_COUNT=2, one for each of the two, and
# PURGE_URLS=ban+http://127.0.0.1:6081.
#
# Kept is what visitors without an account share, for as long as Newsroom lets it stay, and until it
# says that one of the page's keys is over. Nothing is served beyond its time: what was taken back
# must not return because a server is down. Readers with a session, a token or openings are passed on;
# the application's own page cache serves them.
vcl 4.1;

import std;

backend default {
    .host = "127.0.0.1";                        # CHANGE
    .port = "8000";                             # CHANGE: where `make run` listens
}

acl newsroom {
    "127.0.0.1";                                # CHANGE: hosts that run Newsroom
    "::1";
}

sub vcl_recv {
    if (req.method == "BAN") {
        if (client.ip !~ newsroom) {
            return (synth(403, "Not from here"));
        }
        if (req.http.Surrogate-Key !~ "^[a-z0-9-]+( [a-z0-9-]+)*$") {
            return (synth(400, "No keys"));
        }
        # By what the object itself says, so that the lurker can do it in the background.
        if (std.ban("obj.http.Surrogate-Key ~ (^|\s)(" + regsuball(req.http.Surrogate-Key, " ", "|") + ")(\s|$)")) {
            return (synth(200, "Banned"));
        }
        return (synth(500, "Not banned"));
    }
    if (req.method == "PURGE") {
        return (synth(405, "Keys are banned here"));
    }
    # Behind one that speaks TLS this address says nothing; its own header does.
    if (req.http.Cookie ~ "(session|token|openings)"
        || req.http.Authorization
        || req.url ~ "^/(account|admin|billing|media|preview|static)(/|$)"
        || req.url !~ "^/([a-z0-9][a-z0-9._-]*/)*([a-z0-9][a-z0-9._-]*)?$"
        || (req.method != "GET" && req.method != "HEAD")) {
        return (pass);
    }
    unset req.http.Cookie;
    return (hash);
}

sub vcl_hash {
    # Beside host and address, which are added after this.
    hash_data(req.http.X-Forwarded-Proto);
}

sub vcl_backend_response {
    set beresp.grace = 0s;
    set beresp.keep = 60s;
    if (bereq.uncacheable) {
        return (deliver);
    }
    # Nothing by default: what may stay says so, and names its keys.
    if (beresp.status != 200
        || beresp.http.Cache-Control !~ "^public,"
        || !beresp.http.Surrogate-Key
        || beresp.http.Set-Cookie
        || beresp.ttl <= 0s) {
        set beresp.uncacheable = true;
        set beresp.ttl = 1s;
        return (deliver);
    }
    # A copy that is over may be asked for by its ETag; the answer renews it.
    return (deliver);
}

sub vcl_deliver {
    if (obj.hits > 0) {
        set resp.http.X-Cache = "HIT";
    } else {
        set resp.http.X-Cache = "MISS";
    }
    unset resp.http.Surrogate-Key;
    unset resp.http.X-Accel-Expires;
    unset resp.http.X-Varnish;
    unset resp.http.Via;
    unset resp.http.Age;
    # How long a page stays is between Newsroom and us. Caches beyond, which nobody purges, ask each time.
    set resp.http.Cache-Control = regsub(resp.http.Cache-Control, "s-maxage=[0-9]+", "s-maxage=0");
}
