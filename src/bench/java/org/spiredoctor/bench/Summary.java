package org.spiredoctor.bench;

import java.util.List;
import java.util.stream.Collectors;

/** All medians side by side, and then each table with its spread. */
record Summary(
    Options options,
    Machine machine,
    List<String> versions,
    List<Table> tables,
    List<String> notes) {

  String markdown() {
    return head()
        + "\n\n"
        + table()
        + legend()
        + tables.stream().map(Table::markdown).collect(Collectors.joining("\n"))
        + remarks();
  }

  private String head() {
    boolean compared = tables.stream().anyMatch(table -> table.of(Contestants.BASE).isPresent());
    return """
    %d runs of each contestant, interleaved; %d of those that sleep for seconds. Medians%s.

    Machine: %s. Versions: %s.\
    """
        .formatted(
            options.runs(),
            options.slowRuns(),
            compared ? ", and in brackets their ratio to " + Contestants.BASE : "",
            machine,
            String.join(", ", versions));
  }

  /** What the short titles of the table cannot say. */
  private static String legend() {
    return """

    Start to end, and memory of a whole run: against an agent that serves. Reaction: from the \
    instant at which the agent serves; `spire-agent healthcheck` and `grpc-health-probe`, which do \
    not wait, are run in a shell loop that sleeps for 2 s. Peak memory includes pages of files. \
    Size on the JVM: without the Java runtime.

    """;
  }

  private String table() {
    String titles = tables.stream().map(Table::column).collect(Collectors.joining(" | "));
    String rule = tables.stream().map(_ -> "---:").collect(Collectors.joining(" | "));
    List<String> contestants =
        tables.stream()
            .flatMap(table -> table.lines().stream())
            .map(Line::contestant)
            .distinct()
            .toList();
    return "| contestant | %s |\n| --- | %s |\n".formatted(titles, rule)
        + contestants.stream().map(this::row).collect(Collectors.joining());
  }

  private String row(String contestant) {
    return "| %s | %s |\n"
        .formatted(
            contestant,
            tables.stream()
                .map(table -> cell(table, contestant))
                .collect(Collectors.joining(" | ")));
  }

  private static String cell(Table table, String contestant) {
    return table
        .of(contestant)
        .map(
            line ->
                Unit.number(line.samples().median())
                    + " "
                    + table.unit().symbol()
                    + (contestant.equals(Contestants.BASE)
                        ? ""
                        : table.ratio(line).map(ratio -> " (" + ratio + ")").orElse("")))
        .orElse("–");
  }

  private String remarks() {
    return notes.isEmpty()
        ? ""
        : notes.stream().map(note -> "- " + note + "\n").collect(Collectors.joining("", "\n", ""));
  }
}
