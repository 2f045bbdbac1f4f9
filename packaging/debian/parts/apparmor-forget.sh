if [ "$1" = purge ]; then
  for folder in disable force-complain local; do
    rm -f "/etc/apparmor.d/$folder/@APPARMOR_PROFILE@"
    rmdir "/etc/apparmor.d/$folder" 2>/dev/null || true
  done
  rmdir /etc/apparmor.d 2>/dev/null || true
fi
