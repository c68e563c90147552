#!/bin/sh
# Once a release has renewed the site, that one stays, whatever image Nginx itself is of.
[ -e /etc/nginx/slot/site-is-released ] || exec update-site
