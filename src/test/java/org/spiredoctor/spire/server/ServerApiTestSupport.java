package org.spiredoctor.spire.server;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.io.TempDir;
import org.spiredoctor.simulator.SimulatedServer;

/** A simulated server at a real Unix socket. */
abstract class ServerApiTestSupport {
  static final String ENTRIES = "spire.api.server.entry.v1.Entry/ListEntries";
  static final Duration LIMIT = Duration.ofSeconds(10);
  @TempDir Path directory;

  interface Question<T> {
    T ask(ServerApi api) throws ServerException;
  }

  <T> T ask(String method, UnaryOperator<byte[]> answer, Question<T> question)
      throws ServerException {
    Path socket = directory.resolve("api.sock");
    try (SimulatedServer _ = SimulatedServer.local(socket, Map.of(method, answer));
        ServerApi api = ServerApi.local(socket, LIMIT)) {
      return question.ask(api);
    }
  }

  static ServerException refusal(ThrowingCallable asking) {
    return catchThrowableOfType(ServerException.class, asking);
  }
}
