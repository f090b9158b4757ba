package org.spiredoctor.report;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryImpact;
import org.spiredoctor.identity.EntryImpact.Share;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.registration.Change;
import org.spiredoctor.registration.FieldDifference;
import org.spiredoctor.registration.Origin;
import org.spiredoctor.registration.Problem;
import org.spiredoctor.registration.server.RegistrationOutcome.Step;
import org.spiredoctor.registration.server.RegistrationReport;

/**
 * What registering came to, for programs, {@code apiVersion: spiredoctor.org/v1}. Its schema is
 * {@code docs/registration-report.schema.json}.
 */
public final class RegistrationJson {
  private final JsonGenerator json;

  private RegistrationJson(JsonGenerator json) {
    this.json = json;
  }

  /** One JSON object and a final newline. */
  public static String render(RegistrationReport report) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JsonReport.FACTORY.createGenerator(text)) {
      new RegistrationJson(json.useDefaultPrettyPrinter()).write(report);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return text.append('\n').toString();
  }

  private void write(RegistrationReport report) throws IOException {
    json.writeStartObject();
    json.writeStringField("apiVersion", "spiredoctor.org/v1");
    json.writeStringField("kind", "RegistrationReport");
    json.writeStringField("verdict", lower(report.verdict()));
    json.writeStringField("trustDomain", Untrusted.clean(report.trustDomain()));
    json.writeStringField("server", Untrusted.clean(report.server()));
    json.writeNumberField("agents", report.agents());
    json.writeArrayFieldStart("entries");
    for (Step step : report.steps()) {
      step(step);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("leftOver");
    for (Entry entry : report.leftOver()) {
      json.writeStartObject();
      identity(entry);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("problems");
    for (Problem problem : report.problems()) {
      json.writeStartObject();
      origin(problem.origin());
      json.writeStringField("field", Untrusted.clean(problem.field()));
      json.writeStringField("text", Untrusted.clean(problem.text()));
      json.writeEndObject();
    }
    json.writeEndArray();
    if (!report.commands().isEmpty()) {
      json.writeArrayFieldStart("commands");
      for (String command : report.commands()) {
        json.writeString(Untrusted.harmless(command));
      }
      json.writeEndArray();
    }
    if (report.trouble().isPresent()) {
      json.writeStringField("trouble", Untrusted.clean(report.trouble().get()));
    }
    json.writeEndObject();
  }

  private void step(Step step) throws IOException {
    Change change = step.change();
    json.writeStartObject();
    json.writeStringField("action", lower(change.action()));
    json.writeStringField(
        "status",
        switch (step.status()) {
          case NOT_DONE -> "not-done";
          case CHANGED -> "changed-meanwhile";
          default -> lower(step.status());
        });
    identity(change.entry());
    differences("differences", change.differences());
    if (!step.meanwhile().isEmpty()) {
      differences("meanwhile", step.meanwhile());
    }
    origin(change.origin());
    if (!change.others().isEmpty()) {
      texts("others", change.others().stream().map(Entry::id).toList());
    }
    if (!change.notes().isEmpty()) {
      texts("notes", change.notes());
    }
    if (change.impact().isPresent()) {
      impact(change.impact().get());
    }
    if (!step.why().isEmpty()) {
      json.writeStringField("why", Untrusted.clean(step.why()));
    }
    json.writeEndObject();
  }

  private void impact(EntryImpact impact) throws IOException {
    json.writeObjectFieldStart("impact");
    json.writeNumberField("before", impact.before());
    json.writeNumberField("after", impact.after());
    json.writeBooleanField("exact", impact.exact());
    if (!impact.within().isEmpty()) {
      texts("namespaces", impact.within());
    }
    shares("gains", "gaining", impact.gains());
    shares("losses", "losing", impact.losses());
    texts("privileged", impact.privileged());
    json.writeEndObject();
  }

  /** Of many the first; how many there are is said. */
  private void shares(String count, String names, List<Share> shares) throws IOException {
    json.writeNumberField(count, shares.size());
    json.writeArrayFieldStart(names);
    for (Share share : shares.subList(0, Math.min(EntryImpact.SHOWN, shares.size()))) {
      json.writeStartObject();
      json.writeStringField("pod", Untrusted.clean(share.pod()));
      json.writeStringField("spiffeID", Untrusted.clean(share.spiffeId()));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void differences(String name, List<FieldDifference> differences) throws IOException {
    json.writeArrayFieldStart(name);
    for (FieldDifference difference : differences) {
      json.writeStartObject();
      json.writeStringField("field", difference.field());
      texts("removed", difference.removed());
      texts("added", difference.added());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void identity(Entry entry) throws IOException {
    if (!entry.id().isEmpty()) {
      json.writeStringField("entryID", Untrusted.clean(entry.id()));
    }
    json.writeStringField("spiffeID", Untrusted.clean(entry.spiffeId()));
    json.writeStringField("parentID", Untrusted.clean(entry.parentId()));
    texts("selectors", new TreeSet<>(entry.selectors()).stream().map(Selector::toString).toList());
    json.writeStringField("hint", Untrusted.clean(entry.hint()));
  }

  private void origin(Origin origin) throws IOException {
    if (!origin.file().isEmpty()) {
      json.writeObjectFieldStart("declared");
      json.writeStringField("file", Untrusted.clean(origin.file()));
      json.writeNumberField("line", origin.line());
      json.writeEndObject();
    }
  }

  private void texts(String field, List<String> texts) throws IOException {
    json.writeArrayFieldStart(field);
    for (String text : texts) {
      json.writeString(Untrusted.clean(text));
    }
    json.writeEndArray();
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
