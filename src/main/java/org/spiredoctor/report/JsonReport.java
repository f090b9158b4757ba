package org.spiredoctor.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Finding.Managed;
import org.spiredoctor.diagnosis.Finding.Quote;
import org.spiredoctor.diagnosis.FixPolicy;
import org.spiredoctor.diagnosis.Link;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Report;
import org.spiredoctor.diagnosis.Report.Part;
import org.spiredoctor.diagnosis.Report.Ranked;
import org.spiredoctor.diagnosis.Report.Undetermined;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.identity.EntryImpact;

/**
 * The report for programs, {@code apiVersion: spiredoctor.org/v1}. Its schema is {@code
 * docs/report.schema.json}.
 */
public final class JsonReport {
  /** Readable whatever the locale: characters beyond ASCII are escaped. */
  static final JsonFactory FACTORY =
      new JsonFactoryBuilder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private final JsonGenerator json;

  private JsonReport(JsonGenerator json) {
    this.json = json;
  }

  /** One JSON object and a final newline. */
  public static String render(Report report) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      new JsonReport(json.useDefaultPrettyPrinter()).write(report);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return text.append('\n').toString();
  }

  private void write(Report report) throws IOException {
    json.writeStartObject();
    json.writeStringField("apiVersion", "spiredoctor.org/v1");
    json.writeStringField("kind", "Report");
    json.writeStringField("verdict", lower(report.verdict()));
    json.writeArrayFieldStart("path");
    for (Link link : report.path()) {
      json.writeStartObject();
      json.writeStringField("name", link.name());
      json.writeStringField("state", lower(link.state()));
      json.writeStringField("text", Untrusted.clean(link.text()));
      json.writeEndObject();
    }
    json.writeEndArray();
    List<OtherEvidence> evidence = report.findings().stream().map(OtherEvidence::of).toList();
    json.writeArrayFieldStart("findings");
    for (int at = 0; at < evidence.size(); at++) {
      finding(report.findings().get(at), evidence.get(at).leftOut());
    }
    json.writeEndArray();
    others(report.findings(), evidence);
    json.writeArrayFieldStart("unknown");
    for (Undetermined unknown : report.unknown()) {
      json.writeStartObject();
      json.writeStringField("id", unknown.id());
      json.writeStringField("missing", Untrusted.clean(unknown.missing()));
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeObjectFieldStart("checked");
    json.writeNumberField("rules", report.checked().rules());
    number("pods", report.checked().pods());
    number("entries", report.checked().entries());
    number("agents", report.checked().agents());
    parts(report.checked().parts());
    json.writeNumberField("seconds", report.checked().took().toMillis() / 1000.0);
    json.writeEndObject();
    json.writeEndObject();
  }

  /** Beside the findings what they are alike of, so that there are no thousands of findings. */
  private void others(List<Ranked> findings, List<OtherEvidence> evidence) throws IOException {
    if (findings.stream().allMatch(ranked -> ranked.alike().isEmpty())) {
      return;
    }
    json.writeArrayFieldStart("others");
    int row = 0;
    for (int at = 0; at < findings.size(); at++) {
      int first = row;
      for (Finding finding : findings.get(at).alike()) {
        Optional<Integer> as = evidence.get(at).as().get(row - first).map(place -> first + place);
        json.writeStartObject();
        json.writeNumberField("finding", at);
        subject(finding.subject());
        json.writeNumberField("pods", finding.scope().pods().size());
        json.writeStringField("summary", Untrusted.clean(finding.summary()));
        if (as.isPresent() && as.get() == row) {
          evidence(finding);
        } else {
          number("evidenceAs", as);
        }
        remedies(finding);
        json.writeEndObject();
        row++;
      }
    }
    json.writeEndArray();
  }

  private void parts(List<Part> parts) throws IOException {
    if (parts.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("components");
    for (Part part : parts) {
      json.writeStartObject();
      json.writeStringField("role", part.role());
      subject(part.subject());
      json.writeBooleanField("corroborated", part.corroboration().isPresent());
      if (part.corroboration().isPresent()) {
        json.writeStringField("because", Untrusted.clean(part.corroboration().get()));
      }
      json.writeBooleanField("leftAside", part.aside());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void number(String name, Optional<Integer> value) throws IOException {
    if (value.isPresent()) {
      json.writeNumberField(name, value.get());
    }
  }

  private void finding(Ranked ranked, int leftOut) throws IOException {
    Finding finding = ranked.finding();
    json.writeStartObject();
    json.writeStringField("id", finding.id());
    json.writeStringField("severity", lower(finding.severity()));
    subject(finding.subject());
    json.writeStringField("summary", Untrusted.clean(finding.summary()));
    json.writeStringField("confidence", lower(finding.confidence()));
    evidence(finding);
    json.writeStringField("explainedBy", ranked.explainedBy().orElse(null));
    if (!ranked.alike().isEmpty()) {
      json.writeNumberField("others", ranked.alike().size());
    }
    number("evidenceLeftOut", Optional.of(leftOut).filter(some -> some > 0));
    remedies(finding);
    managed(finding.managed());
    json.writeEndObject();
  }

  private void evidence(Finding finding) throws IOException {
    json.writeArrayFieldStart("evidence");
    for (Quote quote : finding.evidence()) {
      json.writeStartObject();
      json.writeStringField("source", Untrusted.clean(quote.source()));
      json.writeStringField("text", Untrusted.clean(quote.text()));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void remedies(Finding finding) throws IOException {
    json.writeArrayFieldStart("remedies");
    for (Remedy remedy : finding.remedies()) {
      remedy(finding, Pasteable.of(remedy));
    }
    json.writeEndArray();
  }

  private void managed(List<Managed> managed) throws IOException {
    if (managed.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("managed");
    for (Managed one : managed) {
      json.writeStartObject();
      subject(one.object());
      json.writeStringField("tool", lower(one.manager().tool()));
      text("kind", one.manager().kind());
      text("namespace", one.manager().namespace());
      json.writeStringField("name", Untrusted.clean(one.manager().name()));
      text("setting", one.setting().orElse(""));
      json.writeStringField("text", Untrusted.clean(one.inWords()));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void text(String name, String value) throws IOException {
    if (!value.isEmpty()) {
      json.writeStringField(name, Untrusted.clean(value));
    }
  }

  private void subject(Subject subject) throws IOException {
    json.writeObjectFieldStart("subject");
    json.writeStringField("kind", subject.kind());
    if (subject.namespace().isPresent()) {
      json.writeStringField("namespace", Untrusted.clean(subject.namespace().get()));
    }
    json.writeStringField("name", Untrusted.clean(subject.name()));
    if (subject.workload().isPresent()) {
      json.writeObjectFieldStart("workload");
      json.writeStringField("kind", Untrusted.clean(subject.workload().get().kind()));
      json.writeStringField("name", Untrusted.clean(subject.workload().get().name()));
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private void remedy(Finding finding, Remedy remedy) throws IOException {
    json.writeStartObject();
    switch (remedy) {
      case Remedy.Command command -> {
        json.writeStringField("kind", "command");
        json.writeStringField("summary", Untrusted.clean(command.summary()));
        json.writeStringField("command", command.command());
      }
      case Remedy.EntryChange change -> {
        json.writeStringField("kind", "entry");
        json.writeStringField("summary", Untrusted.clean(change.summary()));
        json.writeStringField("command", change.command());
        json.writeStringField("fix", fix(FixPolicy.decide(finding, change).consent()));
        impact(change.impact());
      }
      case Remedy.Declaration declaration -> {
        json.writeStringField("kind", "command");
        json.writeStringField("summary", Untrusted.clean(declaration.summary()));
        json.writeStringField("command", declaration.command());
        impact(declaration.impact());
      }
      case Remedy.Patch patch -> {
        json.writeStringField("kind", "patch");
        json.writeStringField("summary", Untrusted.clean(patch.summary()));
        json.writeStringField("patch", patch.yaml());
      }
      case Remedy.Advice advice -> {
        json.writeStringField("kind", "advice");
        json.writeStringField("summary", Untrusted.clean(advice.summary()));
      }
    }
    json.writeEndObject();
  }

  private static String fix(FixPolicy.Consent consent) {
    return switch (consent) {
      case YES -> "applied";
      case ASK -> "asked";
      case SHOWN -> "shown";
    };
  }

  private void impact(Optional<EntryImpact> impact) throws IOException {
    if (impact.isPresent()) {
      json.writeObjectFieldStart("impact");
      json.writeNumberField("before", impact.get().before());
      json.writeNumberField("after", impact.get().after());
      json.writeBooleanField("exact", impact.get().exact());
      if (!impact.get().within().isEmpty()) {
        json.writeArrayFieldStart("namespaces");
        for (String namespace : impact.get().within()) {
          json.writeString(Untrusted.clean(namespace));
        }
        json.writeEndArray();
      }
      json.writeNumberField("gained", impact.get().gains().size());
      json.writeNumberField("lost", impact.get().losses().size());
      shares("gains", impact.get().gains());
      shares("losses", impact.get().losses());
      json.writeArrayFieldStart("privileged");
      for (String id : impact.get().privileged().stream().limit(EntryImpact.SHOWN).toList()) {
        json.writeString(Untrusted.clean(id));
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  private void shares(String name, List<EntryImpact.Share> shares) throws IOException {
    json.writeArrayFieldStart(name);
    for (EntryImpact.Share share : shares.stream().limit(EntryImpact.SHOWN).toList()) {
      json.writeStartObject();
      json.writeStringField("pod", Untrusted.clean(share.pod()));
      json.writeStringField("spiffeId", Untrusted.clean(share.spiffeId()));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
