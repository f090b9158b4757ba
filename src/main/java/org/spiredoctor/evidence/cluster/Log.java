package org.spiredoctor.evidence.cluster;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The last lines of a SPIRE program's log, in logfmt, JSON or the columns of its controllers.
 *
 * @param lines in their order
 */
public record Log(List<Line> lines) {
  private static final Set<String> LEVELS = Set.of("DEBUG", "INFO", "WARN", "ERROR");
  private static final String NO_LOG = "unable to retrieve container logs for ";

  /** Said when agents (up to 1.14 or so, and now) and servers begin to serve. */
  public static final List<String> STARTED =
      List.of("Starting Workload and SDS APIs", "Starting agent APIs", "Starting Server APIs");

  /**
   * A line.
   *
   * @param text all of it, as it was; untrusted
   */
  public record Line(String level, String message, String error, String text) {
    /** Whether it holds a keyword, other than in selectors, which hold what workloads choose. */
    public boolean says(String keyword) {
      return text.contains(keyword) && LoggedSelectors.without(text).contains(keyword);
    }

    /** Whether this is its message: other fields hold what others have written. */
    public boolean tells(String what) {
      return message.isEmpty() ? text.contains(what) : message.equals(what);
    }

    /** The process of a workload that an agent's line is about. */
    public Optional<String> process() {
      return Optional.of(field(text, "pid=", "\"pid\":")).filter(pid -> !pid.isEmpty());
    }

    /** The selectors that an agent found for a process, each as {@code TYPE:VALUE}. */
    public List<String> selectors() {
      return LoggedSelectors.of(text);
    }

    /** Whether these are all, and not those that {@code log_selectors} chooses. */
    public boolean hasAllSelectors() {
      return LoggedSelectors.areAll(text);
    }

    /** The UID of the pod that an agent's line is about, as its k8s attestor found it. */
    public Optional<String> pod() {
      String asked = field(text, "pod_uid=", "\"pod_uid\":");
      List<String> found =
          asked.isEmpty()
              ? selectors().stream()
                  .filter(selector -> selector.startsWith(POD))
                  .map(selector -> selector.substring(POD.length()))
                  .distinct()
                  .toList()
              : List.of(asked);
      return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }

    /** The SPIFFE ID that it is about; empty where it names none. */
    public String spiffeId() {
      return field(text, "spiffe_id=", "\"spiffe_id\":");
    }

    /** When it was written, by its own clock. */
    public Optional<Instant> at() {
      Matcher matcher = TIME.matcher(text);
      try {
        return matcher.find()
            ? Optional.of(OffsetDateTime.parse(matcher.group(1)).toInstant())
            : Optional.empty();
      } catch (DateTimeParseException e) {
        return Optional.empty();
      }
    }

    /** Whether it was written in so much time before another; also where it does not tell when. */
    public boolean within(Duration time, Instant now) {
      return at().filter(then -> then.isBefore(now.minus(time))).isEmpty();
    }

    /** Whether it reports an error, by its level or in a field. */
    public boolean complains() {
      return !error.isEmpty()
          || level.equals("error")
          || level.equals("fatal")
          || level.equals("panic");
    }

    /** Message and error, without time and fields. */
    public String inShort() {
      return message.isEmpty() ? text : error.isEmpty() ? message : message + ": " + error;
    }
  }

  /** How programs write that there is no error. */
  private static final Set<String> NOTHING = Set.of("null", "nil", "<nil>");

  /** An agent's line whose error an Envoy has written, which may be anybody's. */
  private static final String OF_A_CLIENT = "Envoy reported errors applying secrets";

  private static final Pattern KLOG =
      Pattern.compile(
          "[IWEF]\\d{4} \\d\\d:\\d\\d:\\d\\d\\.\\d{1,9} {1,8}\\d{1,10} [^\\]\\s]{1,200}\\] ");

  static final String POD = "k8s:pod-uid:";

  private static final Pattern TIME =
      Pattern.compile("(?:^|\"?time\"?[=:]\\s*\"?)(\\d{4}-[0-9T:.Z+-]+)");

  /** Of its text; what the kubelet says where there is none is no line of it. */
  public static Log parse(String text) {
    return new Log(
        text.lines()
            .filter(line -> !line.isBlank() && !line.startsWith(NO_LOG))
            .map(Log::line)
            .filter(line -> !line.message().equals(OF_A_CLIENT))
            .toList());
  }

  private static Line line(String line) {
    String[] columns = line.split("\t", 5);
    if (columns.length > 2 && LEVELS.contains(columns[1])) {
      return columns(columns, line);
    }
    return KLOG.matcher(line).lookingAt()
        ? klog(line)
        : new Line(
            field(line, "level=", "\"level\":").toLowerCase(Locale.ROOT),
            either(field(line, "msg=", "\"msg\":"), field(line, "message=", "\"message\":")),
            either(field(line, "error=", "\"error\":"), field(line, "err=", "\"err\":")),
            line);
  }

  private static String either(String value, String other) {
    return value.isEmpty() ? other : value;
  }

  /** As Kubernetes' own programs write: level, date, time, thread, place, message, and fields. */
  private static Line klog(String line) {
    String message = line.substring(line.indexOf("] ") + 2);
    boolean quoted = message.startsWith("\"");
    return new Line(
        switch (line.charAt(0)) {
          case 'E' -> "error";
          case 'F' -> "fatal";
          case 'W' -> "warning";
          default -> "info";
        },
        quoted ? field("msg=" + message, "msg=", "") : message,
        quoted ? either(field(message, "err=", ""), field(message, "error=", "")) : "",
        line);
  }

  /** As controllers write: time, level, perhaps who, message, and fields in JSON. */
  private static Line columns(String[] columns, String line) {
    String fields = columns[columns.length - 1];
    boolean with = fields.startsWith("{");
    return new Line(
        columns[1].toLowerCase(Locale.ROOT),
        String.join(": ", List.of(columns).subList(2, columns.length - (with ? 1 : 0))),
        with ? field(fields, "", "\"error\":") : "",
        line);
  }

  /** The value of a field in logfmt or in JSON; by hand, since lines may be of any length. */
  static String field(String line, String logfmt, String json) {
    int at = line.startsWith("{") ? line.indexOf(json) : start(line, logfmt);
    if (at < 0) {
      return "";
    }
    at += line.startsWith("{") ? json.length() : logfmt.length();
    while (at < line.length() && line.charAt(at) == ' ') {
      at++;
    }
    if (at < line.length() && line.charAt(at) == '"') {
      // A line's end, or the like, is a space.
      return LogWord.quoted(line, at + 1, c -> c == 'n' || c == 't' || c == 'r' ? ' ' : c).value();
    }
    int end = at;
    while (end < line.length() && " ,}".indexOf(line.charAt(end)) < 0) {
      end++;
    }
    String value = line.substring(at, end);
    return NOTHING.contains(value) ? "" : value;
  }

  /** Where a field begins; negative where there is none. What is quoted holds no field. */
  static int start(String line, String field) {
    int at = 0;
    while (at < line.length() && !line.startsWith(field, at)) {
      boolean quoted = false;
      while (at < line.length() && (quoted || line.charAt(at) != ' ')) {
        if (line.charAt(at) == '"') {
          quoted = !quoted;
        } else if (line.charAt(at) == '\\' && quoted) {
          at++;
        }
        at++;
      }
      at++;
    }
    return at < line.length() ? at : -1;
  }

  /** These lines, and then those of another log. */
  Log then(Log later) {
    return new Log(Stream.concat(lines.stream(), later.lines.stream()).toList());
  }

  /** What came after the program last began to serve; all when it never did. */
  public Log afterStart() {
    Log since = this;
    for (String started : STARTED) {
      since = since.after(started);
    }
    return since;
  }

  /** Whether a program said that it serves. */
  public boolean saysStarted() {
    return lines.stream().anyMatch(line -> STARTED.stream().anyMatch(line::tells));
  }

  /**
   * What was written not longer than so before its last line, by its own clock; lines that do not
   * tell when belong to those before them.
   */
  public Log lately(Duration time) {
    Optional<Instant> last =
        lines.reversed().stream().flatMap(line -> line.at().stream()).findFirst();
    if (last.isEmpty()) {
      return this;
    }
    for (int i = lines.size() - 1; i >= 0; i--) {
      if (!lines.get(i).within(time, last.get())) {
        return new Log(lines.subList(i + 1, lines.size()));
      }
    }
    return this;
  }

  /** What came after the last line of this message; all when there is none. */
  public Log after(String message) {
    for (int i = lines.size() - 1; i >= 0; i--) {
      if (lines.get(i).tells(message)) {
        return new Log(lines.subList(i + 1, lines.size()));
      }
    }
    return this;
  }

  /** The last line that says one of these. */
  public Optional<Line> last(String... keywords) {
    for (int i = lines.size() - 1; i >= 0; i--) {
      for (String keyword : keywords) {
        if (lines.get(i).says(keyword)) {
          return Optional.of(lines.get(i));
        }
      }
    }
    return Optional.empty();
  }

  /** The last line that tells of an error. */
  public Optional<Line> lastError() {
    for (int i = lines.size() - 1; i >= 0; i--) {
      String level = lines.get(i).level();
      if (level.equals("error") || level.equals("fatal") || level.equals("panic")) {
        return Optional.of(lines.get(i));
      }
    }
    return Optional.empty();
  }
}
