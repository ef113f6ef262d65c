using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;

namespace Workbench.Web.Services.Hub;

/// <summary>
/// Requests to one site. Redirections are followed here, one by one, because a site sends its files from another host, and the
/// user's token is the site's alone.
/// </summary>
internal sealed class HubTransport(HttpClient client, Uri site, string? token, HubOptions options, TimeProvider clock)
{
    private const int MaxRedirects = 8;
    private const int MaxListingBytes = 64 << 20;

    /// <summary>A client for it: redirections are this class's own, and each request minds its own silence.</summary>
    public static HttpClient NewClient() =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(20) }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>The site's answer as JSON, and the address of the next page where the list has one.</summary>
    /// <exception cref="UserInputException">The site cannot be reached, refuses, or answers something else.</exception>
    public async Task<(JsonElement Json, Uri? Next)> GetJsonAsync(Uri address, HubModel model, CancellationToken cancellationToken) =>
        await WithTriesAsync(async () =>
        {
            using var response = await SendAsync(address, model, offset: 0, cancellationToken);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            stop.CancelAfter(options.Stall);
            await response.Content.LoadIntoBufferAsync(MaxListingBytes, stop.Token);
            try
            {
                var json = await JsonSerializer.DeserializeAsync<JsonElement>(await response.Content.ReadAsStreamAsync(stop.Token), cancellationToken: stop.Token);
                return (json, NextPage(response));
            }
            catch (JsonException error)
            {
                throw NoListing(error);
            }
        }, cancellationToken);

    /// <summary>Begins a file at <paramref name="offset"/>; the answer is 206 where the site went along, 200 where it begins anew.</summary>
    /// <exception cref="UserInputException">The site refuses.</exception>
    /// <exception cref="HttpRequestException">Something that may pass.</exception>
    public async Task<HttpResponseMessage> SendAsync(Uri address, HubModel model, long offset, CancellationToken cancellationToken)
    {
        for (var redirects = 0; redirects <= MaxRedirects; redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("workbench", "1.0"));
            request.Headers.Range = offset > 0 ? new RangeHeaderValue(offset, null) : null;
            if (token is not null && address.Authority == site.Authority && address.Scheme == site.Scheme)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            }

            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            stop.CancelAfter(options.Stall);
            var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop.Token);
            if ((int)response.StatusCode is 301 or 302 or 303 or 307 or 308 && response.Headers.Location is { } location)
            {
                response.Dispose();
                address = new Uri(address, location);
                if (address.Scheme is not ("https" or "http") || (site.Scheme == "https" && address.Scheme == "http"))
                {
                    throw new UserInputException($"{site} sends to {address.Scheme}://{address.Host}, which is not encrypted.", "Use another mirror.", "HF_ENDPOINT");
                }

                continue;
            }

            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            using (response)
            {
                throw Refused(response, model);
            }
        }

        throw new UserInputException($"{site} sends from address to address without end.", "Is HF_ENDPOINT a mirror of the Hub?", address.ToString());
    }

    /// <summary>Repeats what failed in a way that may pass, waiting longer each time; what got further than the try before counts as the first again.</summary>
    public async Task<T> WithTriesAsync<T>(Func<Task<T>> action, CancellationToken cancellationToken, Func<long>? reached = null)
    {
        long furthest = 0;
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await action();
            }
            catch (Exception error) when (MayPass(error) && !cancellationToken.IsCancellationRequested)
            {
                var now = reached?.Invoke() ?? 0;
                tries = now > furthest ? 1 : tries;
                furthest = Math.Max(furthest, now);
                if (tries >= options.Tries)
                {
                    throw Unreachable(error);
                }
            }

            await Task.Delay(options.FirstWait * Math.Pow(2, tries - 1), clock, cancellationToken);
        }
    }

    public UserInputException NoListing(Exception? inner = null) =>
        new($"{site} answered something other than a list of files.", "Is the address that of the Hub or of a mirror of it (HF_ENDPOINT)?", site.ToString(), inner);

    private static bool MayPass(Exception error) => error is HttpRequestException or IOException or OperationCanceledException;

    private UserInputException Unreachable(Exception error)
    {
        var socket = error.InnerException as SocketException ?? error as SocketException;
        var why = socket is not null ? socket.Message : error is OperationCanceledException ? $"no answer within {options.Stall.TotalSeconds:0} seconds" : error.Message;
        return new UserInputException(
            $"{site.Host} cannot be reached after {options.Tries} tries: {why}.",
            "Is this machine online? A mirror goes into HF_ENDPOINT before the workbench is started. Without a network, copy the files here and add them from this machine. "
            + "What was downloaded is kept: the same download goes on from there.",
            site.ToString(), error);
    }

    private Exception Refused(HttpResponseMessage response, HubModel model)
    {
        var code = (int)response.StatusCode;
        var revision = model.Revision is null ? "" : $" at revision {model.Revision}";
        return response.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new UserInputException(
                $"{site.Host} does not give out {model.Id}{(token is null ? " without a token" : " to this token")} ({code}).",
                "It is private, gated, or not there under this name. Accept its terms on its page, then give an access token that may read it.", model.Id),
            HttpStatusCode.NotFound => new UserInputException(
                $"{site.Host} has no {model.Id}{revision}.", "Look at the spelling, owner and name; private ones need a token.", model.Id),
            HttpStatusCode.RequestedRangeNotSatisfiable => new RangeRefusedException(),
            HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError =>
                new HttpRequestException($"the site answered {code} {response.ReasonPhrase}", null, response.StatusCode),
            _ => new UserInputException($"{site.Host} refused {model.Id} with {code} {response.ReasonPhrase}.", "Look at its page on the site.", model.Id),
        };
    }

    /// <summary>RFC 8288, as GitHub and the Hub page their lists: <c>Link: &lt;address&gt;; rel="next"</c>.</summary>
    private Uri? NextPage(HttpResponseMessage response)
    {
        var next = response.Headers.TryGetValues("Link", out var links)
            ? links.SelectMany(link => link.Split(',')).FirstOrDefault(link => link.Contains("rel=\"next\"", StringComparison.Ordinal))
            : null;
        return next?.Split('<', '>') is [_, var address, ..] && Uri.TryCreate(site, address, out var page) && page.Authority == site.Authority ? page : null;
    }
}

/// <summary>What is on the disk is longer than the site's file.</summary>
internal sealed class RangeRefusedException() : Exception("the range lies behind the end of the file");
