# syntax=docker/dockerfile:1
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=1 go build -trimpath -ldflags='-s -w' -o /root-fs/usr/local/bin/entente ./cmd/entente
# The final image holds the program, the libraries that it is linked to (glibc, and libstdc++ for the
# DuckDB inside it), the certificates of the web, and nothing else.
RUN ldd /root-fs/usr/local/bin/entente | grep -o '/[^ )]*' | sort -u \
        | xargs -I{} cp --parents --dereference {} /root-fs/ \
    && cp --parents --dereference /etc/ssl/certs/ca-certificates.crt /root-fs/ \
    && echo 'entente:x:65532:65532::/data:/sbin/nologin' > /root-fs/etc/passwd \
    && mkdir -p -m 1777 /root-fs/tmp && mkdir -p /root-fs/data && chown 65532:65532 /root-fs/data

FROM scratch
COPY --from=build /root-fs/ /
ENV ENTENTE_DATA=/data
USER 65532:65532
VOLUME /data
HEALTHCHECK --interval=1m --timeout=30s --start-period=30s \
    CMD ["/usr/local/bin/entente", "doctor", "--quick", "--service", "http://127.0.0.1:8080"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/entente"]
# It needs ENTENTE_CONTACT. Give it 45 s to stop (docker run --stop-timeout 45).
CMD ["serve"]
