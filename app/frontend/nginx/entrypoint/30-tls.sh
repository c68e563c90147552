#!/bin/sh
# Serves https on 8443 when there are certificates. A renewal only needs a reload; the first ones, a restart.
set -e
folder=/etc/nginx/tls

# Let's Encrypt looks here, before there are certificates as well.
cat >/etc/nginx/conf.d/server-acme.conf <<'END'
location ^~ /.well-known/acme-challenge/ {
  default_type text/plain;
  root /srv/acme;
}
END

[ -e "$folder/fullchain.pem" ] || exit 0
cat >/etc/nginx/conf.d/server-tls.conf <<END
listen 8443 ssl;
http2 on;
ssl_certificate $folder/fullchain.pem;
ssl_certificate_key $folder/privkey.pem;
ssl_protocols TLSv1.2 TLSv1.3;
ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305;
ssl_session_cache shared:tls:4m;
ssl_session_timeout 1d;
ssl_session_tickets off;
if (\$goes_to_https) {
  return 308 $PUBLIC_URL\$request_uri;
}
END
