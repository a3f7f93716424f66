package dev.ingot.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Where a server of this machine listens: {@code [HOST:]PORT}, without a host at all of its addresses. */
final class SocketAddressConverter implements ITypeConverter<InetSocketAddress> {
    @Override
    public InetSocketAddress convert(String text) {
        int colon = text.lastIndexOf(':');
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            return colon < 0
                    ? new InetSocketAddress(port)
                    : new InetSocketAddress(InetAddress.getByName(text.substring(0, colon)), port);
        } catch (IllegalArgumentException malformed) {
            throw new TypeConversionException("'" + text + "' is no [HOST:]PORT");
        } catch (UnknownHostException unknown) {
            throw new TypeConversionException("there is no host '" + text.substring(0, colon) + "'");
        }
    }
}
