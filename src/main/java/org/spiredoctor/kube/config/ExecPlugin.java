package org.spiredoctor.kube.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Credentials of a program that the kubeconfig names ({@code exec}). It is run directly, without a
 * shell; what it gives is kept until it expires or is refused.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins">client-go
 *     credential plugins</a>
 */
final class ExecPlugin implements Credentials {
  /** client-go has no limit; without one a plugin that waits for a login would never end. */
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** For who must type a password or open a browser. */
  private static final Duration INTERACTIVE_LIMIT = Duration.ofMinutes(5);

  /** Before it is run again after a failure. */
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Settings settings;
  private final Map<String, String> environment;
  private final InstantSource clock;
  private final boolean terminal;
  private final Duration limit;
  private Optional<Shown> cached = Optional.empty();
  private Optional<Instant> expires = Optional.empty();
  private Optional<Failure> failure = Optional.empty();

  private record Failure(ConfigException why, Instant at) {}

  /**
   * What the kubeconfig says of it.
   *
   * @param command a path, or a name that is looked up in {@code PATH}
   * @param environment added to that of this process
   * @param cluster what it is to know of the cluster; absent when it is not to know it
   */
  record Settings(
      String apiVersion,
      String command,
      List<String> arguments,
      Map<String, String> environment,
      Interaction interaction,
      String installHint,
      Optional<ObjectNode> cluster) {}

  /** Whether it may use the terminal. */
  enum Interaction {
    NEVER,
    IF_AVAILABLE,
    ALWAYS
  }

  /**
   * Runs nothing yet.
   *
   * @param environment of this process
   * @param terminal whether somebody sits at one
   */
  ExecPlugin(
      Settings settings, Map<String, String> environment, InstantSource clock, boolean terminal) {
    this(
        settings,
        environment,
        clock,
        terminal,
        terminal && settings.interaction != Interaction.NEVER ? INTERACTIVE_LIMIT : LIMIT);
  }

  ExecPlugin(
      Settings settings,
      Map<String, String> environment,
      InstantSource clock,
      boolean terminal,
      Duration limit) {
    this.settings = settings;
    this.environment = environment;
    this.clock = clock;
    this.terminal = terminal;
    this.limit = limit;
  }

  @Override
  public synchronized Shown now() throws ConfigException {
    Shown before = cached.orElse(null);
    boolean expired = expires.filter(clock.instant()::isAfter).isPresent();
    return before == null || expired ? run() : before;
  }

  @Override
  public synchronized boolean renewed(Shown refused) throws ConfigException {
    if (cached.filter(refused::equals).isPresent()) {
      run();
    }
    return true;
  }

  /** Many requests wait for one run: what it failed with is the answer to all of them. */
  private Shown run() throws ConfigException {
    Failure last = failure.orElse(null);
    if (last != null && clock.instant().isBefore(last.at.plus(PAUSE))) {
      throw last.why;
    }
    try {
      Shown shown = ask();
      cached = Optional.of(shown);
      return shown;
    } catch (ConfigException e) {
      failure = Optional.of(new Failure(e, clock.instant()));
      throw e;
    }
  }

  private Shown ask() throws ConfigException {
    boolean interactive = interactive();
    Map<String, String> variables = new HashMap<>(environment);
    variables.putAll(settings.environment);
    variables.put("KUBERNETES_EXEC_INFO", question(interactive).toString());
    PluginRun run = new PluginRun(settings.command, settings.arguments, variables, interactive);
    PluginRun.Done done;
    try {
      done = run.run(limit);
    } catch (IOException e) {
      throw failed(
          "cannot be started; it is a client-go credential plugin, see"
              + " https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins"
              + (settings.installHint.isEmpty() ? "" : ". " + settings.installHint));
    }
    String said = done.complaint().isEmpty() ? "" : ": " + done.complaint();
    switch (done.end()) {
      case TIMED_OUT ->
          throw failed("did not end within " + limit.toSeconds() + " s and was stopped" + said);
      case TOO_MUCH -> throw failed("printed more than a credential can have" + said);
      case ENDED -> {
        if (done.code() != 0) {
          throw failed("failed with exit code " + done.code() + said);
        }
      }
    }
    return read(done.output());
  }

  private boolean interactive() throws ConfigException {
    if (settings.interaction == Interaction.ALWAYS && !terminal) {
      throw failed("needs a terminal (interactiveMode: Always), and there is none");
    }
    return terminal && settings.interaction != Interaction.NEVER;
  }

  private ObjectNode question(boolean interactive) {
    ObjectNode question = JsonNodeFactory.instance.objectNode();
    question.put("kind", "ExecCredential").put("apiVersion", settings.apiVersion);
    ObjectNode spec = question.putObject("spec");
    settings.cluster.ifPresent(cluster -> spec.set("cluster", cluster));
    spec.put("interactive", interactive);
    return question;
  }

  private Shown read(String output) throws ConfigException {
    JsonNode answer;
    try {
      answer = MAPPER.readTree(output);
    } catch (IOException e) {
      // The exception's own text quotes what it could not read.
      throw failed("did not print an ExecCredential in JSON");
    }
    String version = answer.path("apiVersion").asText();
    if (!version.equals(settings.apiVersion)) {
      throw failed(
          "is configured with apiVersion " + settings.apiVersion + " and printed another version");
    }
    JsonNode status = answer.path("status");
    String token = status.path("token").asText();
    String certificate = status.path("clientCertificateData").asText();
    String key = status.path("clientKeyData").asText();
    if (certificate.isEmpty() != key.isEmpty()) {
      throw failed("printed only one of client certificate and key");
    }
    if (token.isEmpty() && key.isEmpty()) {
      throw failed("printed neither a token nor a client certificate with its key");
    }
    Optional<ClientCertificate> own = Optional.empty();
    if (!key.isEmpty()) {
      own =
          Optional.of(
              ClientCertificate.of(
                  certificate.getBytes(StandardCharsets.UTF_8),
                  key.getBytes(StandardCharsets.UTF_8),
                  "exec plugin " + settings.command));
    }
    expires = expiry(status.path("expirationTimestamp").asText());
    return token.isEmpty()
        ? new Shown(Optional.empty(), own)
        : Shown.bearer(token, own, "exec plugin " + settings.command);
  }

  private Optional<Instant> expiry(String text) throws ConfigException {
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
    } catch (DateTimeParseException e) {
      throw failed("printed an expirationTimestamp that is no time");
    }
  }

  private ConfigException failed(String what) {
    return new ConfigException("exec plugin " + settings.command + " " + what);
  }
}
