# Before the daemon starts, so that it is confined from its first step. Where there is no AppArmor nothing happens.
profile=/etc/apparmor.d/@APPARMOR_PROFILE@
if [ -f "$profile" ]; then
  local="/etc/apparmor.d/local/@APPARMOR_PROFILE@"
  if [ ! -e "$local" ]; then
    mkdir -p /etc/apparmor.d/local
    install --mode 0644 /dev/null "$local"
  fi
  if aa-enabled --quiet 2>/dev/null; then
    apparmor_parser -r -T -W "$profile" || true
  fi
fi
