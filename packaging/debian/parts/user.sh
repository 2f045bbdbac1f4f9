# Whichever package of TECS comes first makes the user of all. Who goes last leaves it: what it owns must not become another's.
if ! getent passwd tecs >/dev/null; then
  adduser --system --group --quiet --home /var/lib/tecs --no-create-home \
    --gecos 'Trusted Email Connection Signing' tecs
fi

# give OWNER MODE FOLDER, unless the administrator has said how they want it.
give() {
  if ! dpkg-statoverride --list "$3" >/dev/null; then
    chown "$1" "$3"
    chmod "$2" "$3"
  fi
}
