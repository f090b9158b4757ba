package org.spiredoctor.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.registration.Given.declared;
import static org.spiredoctor.registration.Given.present;
import static org.spiredoctor.report.RegistrationReports.schema;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.spiredoctor.identity.EntryOwner;
import org.spiredoctor.registration.Change;
import org.spiredoctor.registration.Declared;
import org.spiredoctor.registration.Origin;
import org.spiredoctor.registration.Plan;
import org.spiredoctor.registration.Planner;
import org.spiredoctor.registration.Problem;
import org.spiredoctor.registration.server.RegistrationOutcome;
import org.spiredoctor.registration.server.RegistrationOutcome.Status;
import org.spiredoctor.registration.server.RegistrationOutcome.Step;
import org.spiredoctor.registration.server.RegistrationReport;
import org.spiredoctor.registration.server.RegistrationReport.Verdict;

/** What {@code register} tells, in its forms. */
class RegistrationReportTest {
  private static final Style PLAIN = new Style(false, true, 80);
  private static final Plan PLAN =
      new Planner(
              List.of(
                  declared("/web", "k8s:ns:apps", "k8s:sa:web"),
                  declared("/api", "k8s:ns:apps"),
                  declared("/db", "k8s:ns:db\u001b[2J")),
              EntryOwner.NOBODY,
              true)
          .against(
              List.of(
                  present("e1", "spire-doctor/web", "/web", "k8s:ns:apps", "k8s:sa:old"),
                  present("e2", "", "/api", "k8s:ns:apps"),
                  present("e3", "", "/db", "k8s:ns:other"),
                  present("e4", "spire-doctor/gone", "/gone", "k8s:ns:gone")));

  /** A step of every status. */
  private static RegistrationReport report() {
    List<Status> statuses = List.of(Status.PLANNED, Status.FAILED, Status.DONE, Status.NOT_DONE);
    List<Step> steps = new ArrayList<>();
    for (Change change : PLAN.changes()) {
      Status status = statuses.get(steps.size());
      steps.add(new Step(change, status, status == Status.FAILED ? "bad\u001b[31m words" : ""));
    }
    steps.add(new Step(PLAN.changes().getFirst(), Status.UNKNOWN, "sent, and not answered"));
    return new RegistrationReport(
        Verdict.FAILED,
        "example.org",
        "SPIRE server of example.org",
        2,
        steps,
        List.of(present("e5", "spire-doctor/left", "/left", "k8s:ns:x")),
        List.of(new Problem(new Origin("web.yaml", 3), "parentID", "leads nowhere")),
        Optional.of("connection reset"),
        List.of("kubectl exec x"));
  }

  @Test
  void theJsonIsAsItsSchemaSays() throws IOException {
    Schema schema = schema();
    String json = RegistrationJson.render(report());
    assertThat(schema.validate(json, InputFormat.JSON)).isEmpty();
    assertThat(json).contains("\"not-done\"", "\"unknown\"").doesNotContain("\\u001B");
    assertThat(schema.validate(json.replace("\"failed\"", "\"fine\""), InputFormat.JSON))
        .isNotEmpty();
  }

  @Test
  void thePlanShowsEachChangeAndNothingElse() {
    assertThat(RegistrationText.plan(PLAN, "SPIRE server of example.org", PLAIN, false))
        .isEqualTo(
            """
            SPIRE server of example.org

            + create  spiffe://example.org/db
                parent        spiffe://example.org/spire-agent
                selector      k8s:ns:db?[2J
                hint          spire-doctor/db
                ! spiffe://example.org/db is also granted by entry e3 to namespace other

            ~ update  spiffe://example.org/web  entry e1
                selectors
                  - k8s:sa:old
                  + k8s:sa:web

            - delete  spiffe://example.org/gone  entry e4
                parent        spiffe://example.org/spire-agent
                selector      k8s:ns:gone
                hint          spire-doctor/gone

            Which pods gain or lose an identity is unknown: no pods could be listed.

            Plan: 1 to create, 1 to update, 1 to delete, 1 as declared
            """);
  }

  @Test
  void theResultTellsWhatIsDoneAndWhatIsNot() {
    String text = RegistrationText.result(report(), PLAIN, false);
    assertThat(text)
        .contains("- planned      SPIFFE ID: spiffe://example.org/web\n")
        .contains("               Entry ID:  e1\n")
        .contains("❌ failed      SPIFFE ID: spiffe://example.org/api\n")
        .contains("    bad?[31m words\n")
        .contains("✅ created     SPIFFE ID: spiffe://example.org/db\n")
        .contains("- not done     SPIFFE ID: spiffe://example.org/gone\n")
        .contains("? not known    SPIFFE ID: spiffe://example.org/web\n")
        .contains("✗ connection reset\n")
        .endsWith("❌ 4 of 5 entries are not as declared; running it again goes on from here\n");
    assertThat(RegistrationText.result(report(), new Style(false, false, 80), false))
        .matches("\\p{ASCII}*");
  }

  @Test
  void whatIsNotWellIsNotGreenThoughAllIsMade() {
    Plan done =
        new Planner(List.of(declared("/api", "k8s:ns:apps")), EntryOwner.NOBODY, false)
            .against(List.of(present("e2", "", "/api", "k8s:ns:apps")));
    RegistrationReport late =
        new RegistrationReport(
            Verdict.FAILED,
            "example.org",
            "",
            1,
            RegistrationOutcome.asItIs(done).steps(),
            List.of(),
            List.of(),
            Optional.of("pod apps/web would not be served"),
            List.of());
    assertThat(RegistrationText.result(late, PLAIN, false))
        .contains("✗ pod apps/web would not be served")
        .endsWith("❌ The entries are made, and not all is well: see above\n")
        .doesNotContain("verified/created");
  }

  @Test
  void muchIsCutShortUnlessItIsAskedFor() {
    List<Declared> many =
        IntStream.range(0, 1000).mapToObj(i -> declared("/w" + i, "k8s:sa:w" + i)).toList();
    Plan plan = new Planner(many, EntryOwner.NOBODY, false).against(List.of());
    assertThat(RegistrationText.plan(plan, "", PLAIN, false))
        .contains("… and 980 more (-v or -o json shows all)")
        .doesNotContain("/w20\n");
    assertThat(RegistrationText.plan(plan, "", PLAIN, true)).contains("/w999\n");
    RegistrationReport done =
        new RegistrationReport(
            Verdict.DONE,
            "example.org",
            "",
            1,
            RegistrationOutcome.asItIs(plan).steps(),
            List.of(),
            List.of(),
            Optional.empty(),
            List.of());
    assertThat(RegistrationText.result(done, PLAIN, false).lines().count()).isLessThan(60);
  }
}
