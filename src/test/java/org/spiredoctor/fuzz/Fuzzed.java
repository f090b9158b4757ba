package org.spiredoctor.fuzz;

import java.nio.file.Path;
import java.util.Locale;
import org.spiredoctor.evidence.cluster.FuzzedBundle;
import org.spiredoctor.evidence.cluster.FuzzedConfig;
import org.spiredoctor.pod.FuzzedMountinfo;
import org.spiredoctor.registration.FuzzedRegistrationFile;
import org.spiredoctor.run.binary.FuzzedExecutable;
import org.spiredoctor.run.gotest.FuzzedGoOutput;
import org.spiredoctor.spire.FuzzedAddress;
import org.spiredoctor.spire.server.FuzzedServerJson;

/** The readers of what others write, each with what it was fed before. */
enum Fuzzed {
  BUNDLE(FuzzedBundle.class, FuzzedBundle::fuzzerTestOneInput),
  CONFIG(FuzzedConfig.class, FuzzedConfig::fuzzerTestOneInput),
  SERVER_JSON(FuzzedServerJson.class, FuzzedServerJson::fuzzerTestOneInput),
  REGISTRATION(FuzzedRegistrationFile.class, FuzzedRegistrationFile::fuzzerTestOneInput),
  EXECUTABLE(FuzzedExecutable.class, FuzzedExecutable::fuzzerTestOneInput),
  GO_OUTPUT(FuzzedGoOutput.class, FuzzedGoOutput::fuzzerTestOneInput),
  MOUNTINFO(FuzzedMountinfo.class, FuzzedMountinfo::fuzzerTestOneInput),
  ADDRESS(FuzzedAddress.class, FuzzedAddress::fuzzerTestOneInput);

  private static final Path CORPUS = Path.of("src/test/resources/fuzz");

  /** What a reader is fed with. */
  @FunctionalInterface
  interface Target {
    void feed(byte[] data) throws Exception;
  }

  private final Class<?> type;

  @SuppressWarnings("ImmutableEnumChecker") // method references, which hold nothing
  private final Target target;

  Fuzzed(Class<?> type, Target target) {
    this.type = type;
    this.target = target;
  }

  Class<?> type() {
    return type;
  }

  Target target() {
    return target;
  }

  /** {@code server-json}. */
  String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A directory of files, among them each that once failed. */
  Path corpus() {
    return CORPUS.resolve(id());
  }
}
