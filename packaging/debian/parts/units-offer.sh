# For the administrator to enable.
units="@OFFERED_UNITS@"
for unit in $units; do
  if deb-systemd-helper debian-installed "$unit" && deb-systemd-helper --quiet was-enabled "$unit"; then
    deb-systemd-helper enable "$unit" >/dev/null || true
  fi
  deb-systemd-helper update-state "$unit" >/dev/null || true
done
