package org.spiredoctor.diagnosis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.spiredoctor.evidence.Evidence;
import org.spiredoctor.evidence.cluster.Log;
import org.spiredoctor.kube.Pod;
import org.spiredoctor.kube.Redaction;

/**
 * A fault that was found.
 *
 * @param id stable, the same in every format
 * @param severity whether it stops the identity
 * @param subject what is at fault
 * @param summary one plain sentence
 * @param confidence how sure we are
 * @param evidence what shows it
 * @param remedies what to do, the likeliest first
 * @param scope how far it reaches
 * @param managed what manages the objects that the remedies change
 * @param reason what those have in common that are told together with it; absent where its sentence
 *     says it
 */
public record Finding(
    String id,
    Severity severity,
    Subject subject,
    String summary,
    Confidence confidence,
    List<Quote> evidence,
    List<Remedy> remedies,
    Scope scope,
    List<Managed> managed,
    Optional<String> reason) {

  /** Whether a finding stops the identity or only might. */
  public enum Severity {
    ERROR,
    WARNING
  }

  /** How sure we are that this is the fault. */
  public enum Confidence {
    CERTAIN,
    LIKELY,
    POSSIBLE
  }

  /** The same, with what manages the objects that the remedies change. */
  Finding managed(List<Managed> objects) {
    return new Finding(
        id, severity, subject, summary, confidence, evidence, remedies, scope, objects, reason);
  }

  /** The same with other remedies. */
  Finding remedied(List<Remedy> others) {
    List<Remedy> copy = List.copyOf(others);
    return new Finding(
        id, severity, subject, summary, confidence, evidence, copy, scope, managed, reason);
  }

  /** Whether it might be nothing at all. */
  boolean isGuess() {
    return severity == Severity.WARNING && confidence == Confidence.POSSIBLE;
  }

  /**
   * Something that was seen.
   *
   * @param source where
   * @param text what; untrusted
   */
  public record Quote(String source, String text) {}

  /**
   * An object that a remedy changes, and where the change has to be made to last.
   *
   * @param setting what has to be changed there: a value of a chart, or a field of an owner; absent
   *     where it is not known for sure
   */
  public record Managed(Subject object, Manager manager, Optional<String> setting) {

    /** The same with the setting, where only the other knows it. */
    Managed or(Managed other) {
      return setting.isPresent() ? this : other;
    }

    /** As a sentence; untrusted. */
    public String inWords() {
      String what = manager.tool() == Manager.Tool.CONTROLLER ? "field " : "value ";
      return object.inWords() + " " + manager.inWords(setting.map(what::concat).orElse("it"));
    }
  }

  /** About {@code subject}, and reaching as far as {@code scope}. */
  public static Builder of(Rule rule, Severity severity, Subject subject, Scope scope) {
    return new Builder(rule.id(), severity, subject, scope);
  }

  /** An error about {@code subject}, which reaches as far as {@code scope}. */
  public static Builder error(Rule rule, Subject subject, Scope scope) {
    return of(rule, Severity.ERROR, subject, scope);
  }

  /** A warning about {@code subject}, which reaches as far as {@code scope}. */
  public static Builder warning(Rule rule, Subject subject, Scope scope) {
    return of(rule, Severity.WARNING, subject, scope);
  }

  /** An error about the place from which the evidence was taken. */
  public static Builder error(Rule rule, Evidence evidence) {
    return error(rule, Subject.here(evidence), Scope.HERE);
  }

  /** A warning about the place from which the evidence was taken. */
  public static Builder warning(Rule rule, Evidence evidence) {
    return warning(rule, Subject.here(evidence), Scope.HERE);
  }

  /** Makes a finding line by line; certain unless it says otherwise. */
  public static final class Builder {
    private final String id;
    private final Severity severity;
    private final Subject subject;
    private final Scope scope;
    private final List<Quote> evidence = new ArrayList<>();
    private final List<Remedy> remedies = new ArrayList<>();
    private Confidence confidence = Confidence.CERTAIN;
    private String lead = "";
    private Optional<String> reason = Optional.empty();

    private Builder(String id, Severity severity, Subject subject, Scope scope) {
      this.id = id;
      this.severity = severity;
      this.subject = subject;
      this.scope = scope;
    }

    /** How sure. */
    public Builder confidence(Confidence howSure) {
      this.confidence = howSure;
      return this;
    }

    /** What its sentence begins with, such as what is well nevertheless. */
    public Builder lead(String words) {
      this.lead = words;
      return this;
    }

    /**
     * Why, where its sentence does not say it: what has another reason is told apart. Without what
     * is each pod's own, as its name.
     */
    public Builder reason(String words) {
      this.reason = Optional.of(Redaction.text(words)).filter(text -> !text.isBlank());
      return this;
    }

    /** What was seen, and where. */
    public Builder seen(String source, String text) {
      evidence.add(new Quote(Redaction.tokens(source), Redaction.text(text)));
      return this;
    }

    /** What the log of a pod says. */
    public Builder said(Pod pod, Log.Line line) {
      return seen("log of " + pod.inWords(), line.inShort());
    }

    /** What to do about it. */
    public Builder remedy(Remedy remedy) {
      remedies.add(remedy.shareable());
      return this;
    }

    /** Ends the finding with its one plain sentence. */
    public Outcome found(String summary) {
      return new Outcome.Found(
          new Finding(
              id,
              severity,
              subject,
              Redaction.text(lead + summary),
              confidence,
              List.copyOf(evidence),
              List.copyOf(remedies),
              scope,
              List.of(),
              reason));
    }
  }
}
