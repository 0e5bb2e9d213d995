// Drives KCalendarCore, the library that holds the calendars of KDE.
//
// A file is read over what is held already, as KOrganizer does with a calendar file. It reads
// scenarios as JSON on standard input, lists of paths with null for emptying, and answers with
// what is held after each step.

#include <KCalendarCore/ICalFormat>
#include <KCalendarCore/MemoryCalendar>
#include <QCoreApplication>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTextStream>
#include <QTimeZone>
#include <kcalendarcore_version.h>

using namespace KCalendarCore;

static QJsonObject outcome(const MemoryCalendar::Ptr &calendar, const QJsonValue &path)
{
    QJsonValue error;
    if (path.isNull()) {
        for (const Event::Ptr &event : calendar->rawEvents())
            calendar->deleteEvent(event);
    } else if (!ICalFormat().load(calendar, path.toString())) {
        error = QStringLiteral("cannot be read");
    }
    QJsonArray held;
    for (const Event::Ptr &event : calendar->rawEvents())
        held.append(ICalFormat().toICalString(event));
    return {{"error", error}, {"held", held}};
}

int main(int count, char **arguments)
{
    QCoreApplication application(count, arguments);
    QFile input;
    input.open(stdin, QIODevice::ReadOnly);
    QJsonArray outcomes;
    for (const QJsonValue &steps : QJsonDocument::fromJson(input.readAll()).array()) {
        MemoryCalendar::Ptr calendar(new MemoryCalendar(QTimeZone("Europe/London")));
        QJsonArray after;
        for (const QJsonValue &path : steps.toArray())
            after.append(outcome(calendar, path));
        outcomes.append(after);
    }
    const QString program = QStringLiteral("KCalendarCore " KCALENDARCORE_VERSION_STRING);
    const QJsonObject answer{{"program", program}, {"outcomes", outcomes}};
    QTextStream(stdout) << QJsonDocument(answer).toJson(QJsonDocument::Compact) << "\n";
}
