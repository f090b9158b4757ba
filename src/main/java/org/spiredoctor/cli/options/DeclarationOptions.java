package org.spiredoctor.cli.options;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spiredoctor.console.FileFailure;
import org.spiredoctor.console.UsageException;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryOwner;
import org.spiredoctor.registration.Declarations;
import org.spiredoctor.registration.Declared;
import org.spiredoctor.registration.Problem;
import org.spiredoctor.registration.RegistrationFile;
import picocli.CommandLine.Option;

/** Which entries there shall be, and whose they are. */
public final class DeclarationOptions {
  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = {
        "The entries, as YAML or JSON: Registrations, ClusterStaticEntry manifests, or what"
            + " 'spire-server entry create -data' reads; - is standard input. Repeatable. Default:"
            + " the three entries of an integration test"
      })
  private List<String> files = new ArrayList<>();

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAME",
      description = "The workloads' namespace (default: $NS, spire-system)")
  private @Nullable String namespace;

  @Option(
      names = "--service-account",
      paramLabel = "NAME",
      description = "The workloads' service account (default: $WORKLOAD_SA, default)")
  private @Nullable String serviceAccount;

  @Option(
      names = "--owner",
      paramLabel = "NAME",
      defaultValue = "",
      description =
          "The owner of the entries, kept in their hints: entries of other owners are not changed"
              + " (default of register: the namespace, or with --file no owner; of run:"
              + " NAMESPACE.POD-NAME)")
  private String owner = "";

  /** Whether they are in files. */
  public boolean inFiles() {
    return !files.isEmpty();
  }

  /** Whether something is said of workloads that files do not heed. */
  public boolean namesWorkloads() {
    return namespace != null || serviceAccount != null;
  }

  /** Whether their owner is named. */
  public boolean namesOwner() {
    return !owner.isEmpty();
  }

  /**
   * Whose they are.
   *
   * @param otherwise where it is not said
   */
  public EntryOwner owner(EntryOwner otherwise) throws UsageException {
    EntryOwner named = namesOwner() ? new EntryOwner(owner) : otherwise;
    if (!named.equals(EntryOwner.NOBODY) && !EntryOwner.NAME.matcher(named.name()).matches()) {
      throw new UsageException(
          (namesOwner() ? "--owner " : "--namespace ")
              + named.name()
              + " is not a name of letters, digits, dots and hyphens");
    }
    return named;
  }

  /**
   * Those in the files, and all that is wrong with them.
   *
   * @throws UsageException when a file cannot be read
   */
  public RegistrationFile.Reading read(InputStream standardInput) throws UsageException {
    if (files.stream().filter("-"::equals).count() > 1) {
      throw new UsageException("--file - can be given once: there is one standard input");
    }
    List<Declared> entries = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    Map<Entry.Key, Declared> seen = new HashMap<>();
    for (String file : files) {
      RegistrationFile.Reading reading = RegistrationFile.read(file, text(file, standardInput));
      problems.addAll(reading.problems());
      for (Declared one : reading.entries()) {
        Declared other = seen.putIfAbsent(one.entry().key(), one);
        // Within one reading it was told already.
        if (other != null) {
          problems.add(
              new Problem(one.origin(), "", "declared at " + other.origin().inWords() + " too"));
        }
      }
      entries.addAll(reading.entries());
    }
    return new RegistrationFile.Reading(List.copyOf(entries), List.copyOf(problems));
  }

  private static String text(String file, InputStream standardInput) throws UsageException {
    try {
      if (file.equals("-")) {
        return text(file, standardInput, RegistrationFile.LARGEST);
      }
      try (InputStream in = Files.newInputStream(Path.of(file))) {
        return text(file, in, RegistrationFile.LARGEST);
      }
    } catch (InvalidPathException e) {
      throw new UsageException("--file " + file + " is not the name of a file: " + e.getReason());
    } catch (IOException e) {
      throw new UsageException("--file " + file + " cannot be read: " + FileFailure.inWords(e));
    }
  }

  /** What is read has an end, though a device or a pipe may have none. */
  static String text(String file, InputStream in, int most) throws IOException, UsageException {
    byte[] bytes = in.readNBytes(most + 1);
    if (bytes.length > most) {
      throw new UsageException(
          "--file %s holds more than %,d MiB, which is enough for 100,000 entries; split it into several files, each with a --file of its own"
              .formatted(file, most >> 20));
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /**
   * All of them.
   *
   * @param read what is in files, if there are any
   */
  public Declarations declarations(Optional<List<Declared>> read, Map<String, String> environment) {
    return new Declarations(read, namespace(environment), serviceAccount(environment));
  }

  /** The account of these workloads. */
  private String serviceAccount(Map<String, String> environment) {
    return given(serviceAccount, environment, "WORKLOAD_SA", "default");
  }

  /** Of the workloads of an integration test. */
  public String namespace(Map<String, String> environment) {
    return given(namespace, environment, "NS", "spire-system");
  }

  /** Whether its name is the default, which nobody gave. */
  public boolean guessesNamespace(Map<String, String> environment) {
    return !inFiles() && given(namespace, environment, "NS", "").isEmpty();
  }

  private static String given(
      @Nullable String flag, Map<String, String> environment, String variable, String otherwise) {
    return Optional.ofNullable(flag)
        .or(() -> Optional.ofNullable(environment.get(variable)).filter(v -> !v.isEmpty()))
        .orElse(otherwise);
  }
}
