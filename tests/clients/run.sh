#!/usr/bin/env bash
# Install the desktop calendars, show them the files of a changing plan, print what each stores.
# By hand, on a Debian machine that may be changed: tests/clients/run.sh >output.txt
set -euo pipefail
cd "$(dirname "$0")/../.."

DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
  dbus evolution-data-server g++ gir1.2-ecal-2.0 libkf5calendarcore-dev pkg-config python3-gi \
  qtbase5-dev thunderbird >/dev/null

mkdir -p .judges
g++ -std=c++17 -fPIC tests/clients/kde.cpp -o .judges/kde -isystem /usr/include/KF5 \
  -isystem /usr/include/KF5/KCalendarCore $(pkg-config --cflags --libs Qt5Gui) -lKF5CalendarCore

.venv/bin/python tests/clients/by_hand.py "$@"
