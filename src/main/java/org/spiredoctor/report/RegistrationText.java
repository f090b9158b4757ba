package org.spiredoctor.report;

import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryImpact.Share;
import org.spiredoctor.registration.Change;
import org.spiredoctor.registration.Change.Action;
import org.spiredoctor.registration.FieldDifference;
import org.spiredoctor.registration.Plan;
import org.spiredoctor.registration.Problem;
import org.spiredoctor.registration.server.RegistrationOutcome.Status;
import org.spiredoctor.registration.server.RegistrationOutcome.Step;
import org.spiredoctor.registration.server.RegistrationReport;
import org.spiredoctor.registration.server.RegistrationReport.Verdict;
import org.spiredoctor.report.Style.Colour;

/** What registering would do, and what it came to, for people. */
public final class RegistrationText {
  /** More of a kind says nothing new, unless it is asked for. */
  private static final int MANY = 20;

  /** What became of a change, before its SPIFFE ID. */
  private static final int HEAD = 15;

  private final Style style;
  private final boolean all;
  private final Lines out;

  private RegistrationText(Style style, boolean all) {
    this.style = style;
    this.all = all;
    this.out = new Lines(style);
  }

  /**
   * What is to be done.
   *
   * @param server which server it is
   * @param all whether everything is shown, be it much
   */
  public static String plan(Plan plan, String server, Style style, boolean all) {
    RegistrationText text = new RegistrationText(style, all);
    text.out.wrap("", 0, Untrusted.clean(server));
    for (Action action : List.of(Action.CONFLICT, Action.CREATE, Action.UPDATE, Action.DELETE)) {
      List<Change> changes = plan.of(action).toList();
      // What is deleted is shown before, all of it.
      List<Change> shown =
          action == Action.DELETE || action == Action.CONFLICT
              ? changes
              : text.shown(notedFirst(changes));
      shown.forEach(text::change);
      text.more(changes.size() - shown.size());
    }
    text.leftOver(plan.leftOver());
    text.impact(plan);
    text.out.empty();
    text.out.line(
        plan.isDone() && plan.count(Action.CONFLICT) == 0
            ? text.style.paint(Colour.GREEN, "✓ " + declared(plan) + ", nothing to change")
            : "Plan: "
                + plan.count(Action.CREATE)
                + " to create, "
                + plan.count(Action.UPDATE)
                + " to update, "
                + plan.count(Action.DELETE)
                + " to delete, "
                + plan.count(Action.NONE)
                + " as declared"
                + conflicts(plan));
    return text.style.plain(text.out.toString());
  }

  private static List<Change> notedFirst(List<Change> changes) {
    return Stream.concat(
            changes.stream().filter(change -> !change.notes().isEmpty()),
            changes.stream().filter(change -> change.notes().isEmpty()))
        .toList();
  }

  private static String conflicts(Plan plan) {
    long n = plan.count(Action.CONFLICT);
    return n == 0 ? "" : n == 1 ? ", 1 conflict" : ", " + n + " conflicts";
  }

  private static String declared(Plan plan) {
    long n = plan.count(Action.NONE);
    return n == 1 ? "1 entry is as declared" : n + " entries are as declared";
  }

  /** What came of it. */
  public static String result(RegistrationReport report, Style style, boolean all) {
    RegistrationText text = new RegistrationText(style, all);
    text.out.empty();
    for (Status status : Status.values()) {
      List<Step> steps = report.steps().stream().filter(step -> step.status() == status).toList();
      List<Step> shown = text.shown(steps);
      shown.forEach(text::step);
      text.more(steps.size() - shown.size());
    }
    report.problems().forEach(text::doubt);
    report.trouble().ifPresent(text::trouble);
    text.closing(report);
    return text.style.plain(text.out.toString());
  }

  /** Why nothing is done. */
  public static String problems(List<Problem> problems, Style style) {
    RegistrationText text = new RegistrationText(style, true);
    problems.forEach(
        problem ->
            text.out.wrap(style.paint(Colour.RED, "✗ "), 2, Untrusted.clean(problem.inWords())));
    return style.plain(text.out.toString());
  }

  private <T> List<T> shown(List<T> list) {
    return all ? list : list.subList(0, Math.min(MANY, list.size()));
  }

  private void more(int left) {
    if (left > 0) {
      out.line("  … and " + left + " more (-v or -o json shows all)");
    }
  }

  private void change(Change change) {
    Entry entry = change.entry();
    out.empty();
    String head =
        switch (change.action()) {
          case CREATE -> style.paint(Colour.GREEN, "+ create");
          case UPDATE -> style.paint(Colour.YELLOW, "~ update");
          case DELETE -> style.paint(Colour.RED, "- delete");
          case NONE -> "= as it is";
          case CONFLICT -> style.paint(Colour.RED, "✗ conflict");
        };
    String note =
        change.action() == Action.CREATE && entry.forNodes()
            ? "  (node alias)"
            : entry.id().isEmpty() ? "" : "  entry " + Untrusted.clean(entry.id());
    out.line(head + "  " + Untrusted.clean(entry.spiffeId()) + style.paint(Colour.FAINT, note));
    if (change.seen().isPresent() && change.action() != Action.DELETE) {
      change.differences().forEach(this::difference);
      notes(change);
      return;
    }
    detail("parent", entry.parentId());
    new TreeSet<>(entry.selectors()).forEach(selector -> detail("selector", selector.toString()));
    FieldDifference.fromDefaults(entry)
        .forEach(d -> detail(d.field(), String.join(", ", d.added())));
    notes(change);
  }

  private void notes(Change change) {
    change
        .impact()
        .ifPresent(
            impact ->
                impact.inWords().forEach(words -> out.wrap("    ", 6, Untrusted.clean(words))));
    change
        .notes()
        .forEach(note -> out.wrap(style.paint(Colour.YELLOW, "    ! "), 6, Untrusted.clean(note)));
  }

  /** What the changes of a plan do together. */
  private void impact(Plan plan) {
    if (plan.changes().stream().anyMatch(change -> change.impact().isPresent())) {
      out.empty();
      out.wrap(
          "",
          2,
          "In all, "
              + pods(plan.gains(), "gains", "gain")
              + " and "
              + pods(plan.losses(), "loses", "lose")
              + " an identity, of the pods that can be listed now"
              + plan.within()
                  .map(some -> ": counted in namespaces " + Untrusted.clean(some) + " only")
                  .orElse("")
              + ".");
    } else if (!plan.isDone()) {
      out.empty();
      out.wrap("", 2, "Which pods gain or lose an identity is unknown: no pods could be listed.");
    }
  }

  private static String pods(List<Share> shares, String one, String many) {
    long pods = shares.stream().map(Share::pod).distinct().count();
    return pods == 1 ? "1 pod " + one : pods + " pods " + many;
  }

  private void detail(String name, String value) {
    out.line(
        "    "
            + style.paint(Colour.FAINT, String.format("%-13s", name))
            + " "
            + Untrusted.clean(value));
  }

  private void difference(FieldDifference difference) {
    out.line("    " + difference.field());
    difference
        .removed()
        .forEach(v -> out.line(style.paint(Colour.RED, "      - " + Untrusted.clean(v))));
    difference
        .added()
        .forEach(v -> out.line(style.paint(Colour.GREEN, "      + " + Untrusted.clean(v))));
  }

  private void leftOver(List<Entry> entries) {
    if (entries.isEmpty()) {
      return;
    }
    out.empty();
    out.line("Registered before, and not declared now (--prune deletes them):");
    List<Entry> shown = shown(entries);
    shown.forEach(
        entry ->
            out.line(
                "    "
                    + Untrusted.clean(entry.spiffeId())
                    + "  entry "
                    + Untrusted.clean(entry.id())));
    more(entries.size() - shown.size());
  }

  private void step(Step step) {
    Change change = step.change();
    Entry entry = change.entry();
    String head =
        switch (step.status()) {
          case DONE -> style.paint(Colour.GREEN, head("✅", done(change.action())));
          case CONFLICT -> style.paint(Colour.RED, head("❌", "conflict"));
          case CHANGED -> style.paint(Colour.RED, head("❌", "changed"));
          case FAILED -> style.paint(Colour.RED, head("❌", "failed"));
          case NOT_DONE -> head("-", "not done");
          case UNKNOWN -> style.paint(Colour.YELLOW, head("?", "not known"));
          case PLANNED -> head("-", "planned");
        };
    out.line(head + "SPIFFE ID: " + Untrusted.clean(entry.spiffeId()));
    if (!entry.id().isEmpty()) {
      out.line(" ".repeat(HEAD) + "Entry ID:  " + Untrusted.clean(entry.id()));
    }
    if (!step.why().isEmpty()) {
      out.wrap("    ", 4, Untrusted.clean(step.why()));
    }
  }

  private static String head(String glyph, String words) {
    // These two are as wide as two letters.
    boolean wide = glyph.equals("✅") || glyph.equals("❌");
    return String.format("%s %-" + (HEAD - (wide ? 4 : 3)) + "s ", glyph, words);
  }

  private static String done(Action action) {
    return switch (action) {
      case CREATE -> "created";
      case UPDATE -> "updated";
      case DELETE -> "deleted";
      case NONE, CONFLICT -> "as declared";
    };
  }

  /** What was gone over by force. */
  private void doubt(Problem problem) {
    out.wrap(style.paint(Colour.YELLOW, "! "), 2, Untrusted.clean(problem.inWords()));
  }

  private void trouble(String trouble) {
    out.empty();
    out.wrap(style.paint(Colour.RED, "✗ "), 2, Untrusted.clean(trouble));
  }

  private void closing(RegistrationReport report) {
    out.empty();
    long open = report.steps().stream().filter(step -> step.status() != Status.DONE).count();
    long conflicts =
        report.steps().stream().filter(step -> step.status() == Status.CONFLICT).count();
    if (report.verdict() == Verdict.DONE) {
      out.line(style.paint(Colour.GREEN, "✅ Registration entries verified/created"));
    } else if (open == 0) {
      out.line(style.paint(Colour.RED, "❌ The entries are made, and not all is well: see above"));
    } else {
      out.line(
          style.paint(
                  Colour.RED,
                  "❌ " + open + " of " + report.steps().size() + " entries are not as declared")
              + (conflicts == open ? "" : "; running it again goes on from here"));
    }
  }
}
