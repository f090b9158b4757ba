package org.spiredoctor.cli.options;

import java.util.Optional;
import org.spiredoctor.wait.Goal;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code socket}, {@code serving}, {@code identity} or {@code identity=SPIFFE-ID}. */
public final class GoalConverter implements ITypeConverter<Goal> {
  @Override
  public Goal convert(String text) {
    if (text.startsWith("identity=")) {
      String id = text.substring("identity=".length());
      return new Goal.Identity(Optional.of(new SpiffeIdConverter().convert(id)), Optional.empty());
    }
    return switch (text) {
      case "socket" -> new Goal.Socket();
      case "serving" -> new Goal.Serving();
      case "identity" -> new Goal.Identity(Optional.empty(), Optional.empty());
      default ->
          throw new TypeConversionException(
              "'"
                  + text
                  + "' is nothing to wait for: say socket, serving, identity or"
                  + " identity=SPIFFE-ID");
    };
  }
}
