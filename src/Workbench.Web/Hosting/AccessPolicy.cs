using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Workbench.Web.Hosting;

/// <summary>Who may use the application: on loopback whoever sits at the machine, elsewhere whoever has the token.</summary>
public sealed class AccessPolicy
{
    private readonly byte[]? tokenHash;

    private AccessPolicy(string? token)
    {
        Token = token;
        tokenHash = token is null ? null : SHA256.HashData(Encoding.UTF8.GetBytes(token));
    }

    /// <summary>The access token; null when only loopback is listened on.</summary>
    public string? Token { get; }

    /// <summary>What the cookie holds: knowing it does not give the token away.</summary>
    public string? CookieValue => tokenHash is null ? null : Convert.ToHexStringLower(SHA256.HashData(tokenHash));

    /// <summary>The policy for the addresses that are listened on.</summary>
    /// <param name="urls">Separated by semicolons, as ASP.NET Core takes them.</param>
    /// <param name="token">The token to ask for where one is needed; null makes one.</param>
    public static AccessPolicy For(string? urls, string? token = null)
    {
        var exposed = (urls ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Any(url => !IsLoopback(url));
        return new AccessPolicy(exposed ? token ?? RandomNumberGenerator.GetHexString(48, lowercase: true) : null);
    }

    /// <summary>Whether <paramref name="presented"/> is the token; takes the same time for every wrong one.</summary>
    public bool IsToken(string? presented) => presented is not null && tokenHash is not null
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(presented)), tokenHash);

    /// <summary>Whether <paramref name="presented"/> is the cookie given to a browser that had the token.</summary>
    public bool IsCookie(string? presented) => presented is not null && CookieValue is { } expected
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(presented), Encoding.UTF8.GetBytes(expected));

    /// <summary>
    /// Whether a request for this host may be answered. On loopback only loopback names are: a web page elsewhere that points its own
    /// name at 127.0.0.1 (DNS rebinding) is refused. With a token, the token decides.
    /// </summary>
    public bool AcceptsHost(HostString host) => Token is not null || IsLoopbackName(host.Host);

    private static bool IsLoopback(string url)
    {
        var start = url.IndexOf("://", StringComparison.Ordinal);
        var host = new HostString(start < 0 ? url : url[(start + 3)..].TrimEnd('/')).Host;
        return url.StartsWith("http://unix:", StringComparison.OrdinalIgnoreCase) || IsLoopbackName(host);
    }

    private static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
