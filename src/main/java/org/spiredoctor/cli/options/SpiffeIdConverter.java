package org.spiredoctor.cli.options;

import io.spiffe.exception.InvalidSpiffeIdException;
import io.spiffe.spiffeid.SpiffeId;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a SPIFFE ID. */
public final class SpiffeIdConverter implements ITypeConverter<SpiffeId> {
  @Override
  public SpiffeId convert(String text) {
    try {
      return SpiffeId.parse(text);
    } catch (InvalidSpiffeIdException | IllegalArgumentException e) {
      throw new TypeConversionException(
          "'" + text + "' is not a SPIFFE ID (spiffe://TRUST-DOMAIN/PATH): " + e.getMessage());
    }
  }
}
