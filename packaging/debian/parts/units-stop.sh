if [ "$1" = remove ] && [ -d /run/systemd/system ]; then
  deb-systemd-invoke stop @STOPPED_UNITS@ >/dev/null || true
fi
