// Reads calendar files with ical.js, strictly; asked and answering in JSON.

import { readFileSync } from "node:fs";

const MOST = 20_000; // so that a rule without end is seen rather than followed

const { default: ICAL } = await import(process.argv[2]);
ICAL.design.strict = true;

const files = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(files.map((file) => answer(Buffer.from(file, "base64")))));

function answer(file) {
  try {
    const calendar = new ICAL.Component(ICAL.parse(file.toString("utf8")));
    calendar.getAllSubcomponents("vtimezone").forEach((zone) => ICAL.TimezoneService.register(zone));
    readValues(calendar);
    const events = calendar.getAllSubcomponents("vevent");
    return { faults: [], occurrences: events.flatMap(occurrences) };
  } catch (error) {
    return { faults: [String(error)], occurrences: [] };
  } finally {
    ICAL.TimezoneService.reset(); // the zones of this file must not serve the next one
  }
}

// ical.js finds some faults only in a value that somebody reads.
function readValues(component) {
  component.getAllProperties().forEach((property) => property.getValues());
  component.getAllSubcomponents().forEach(readValues);
}

function occurrences(component) {
  const event = new ICAL.Event(component);
  const iterator = event.iterator();
  const found = [];
  for (let next = iterator.next(); next && found.length < MOST; next = iterator.next()) {
    found.push([event.uid, inUtc(next).toICALString()]);
  }
  return found;
}

function inUtc(time) {
  const isInstant = !time.isDate && time.zone !== ICAL.Timezone.localTimezone;
  return isInstant ? time.convertToZone(ICAL.Timezone.utcTimezone) : time;
}
