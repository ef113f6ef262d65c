namespace Workbench.Web.Services.Teachers;

/// <summary>An OpenAI-compatible endpoint and how it is asked; the names are those of its requests.</summary>
public sealed record EndpointOptions
{
    /// <summary>Up to the version, e.g. <c>http://127.0.0.1:8000/v1</c>: <c>/chat/completions</c> is appended.</summary>
    public required Uri Url { get; init; }

    public required string Model { get; init; }

    /// <summary>Sent as a bearer token; null for none. Never written anywhere.</summary>
    public string? ApiKey { get; init; }

    public double Temperature { get; init; }

    public double TopP { get; init; } = 1;

    /// <summary>Most tokens of an answer.</summary>
    public int MaxTokens { get; init; } = 1024;

    /// <summary>Requests under way at the same time.</summary>
    public int Concurrency { get; init; } = 8;

    /// <summary>How often a request is tried again after 408, 429, a 5xx or a broken connection.</summary>
    public int Retries { get; init; } = 5;

    /// <summary>Wait before the first retry; doubled for each further one, unless the endpoint names its own in Retry-After.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <exception cref="UserInputException">A value is out of range.</exception>
    public void Validate()
    {
        static void Must(bool holds, string message, string place)
        {
            if (!holds)
            {
                throw new UserInputException(message, "See the verb's --help for the range.", place);
            }
        }

        Must(Url.IsAbsoluteUri && Url.Scheme is "http" or "https", $"\"{Url}\" is no http or https address.", "endpoint");
        Must(Temperature is >= 0 and <= 2, $"The temperature must be from 0 to 2, not {Temperature}.", "temperature");
        Must(TopP is > 0 and <= 1, $"top_p must be above 0 and at most 1, not {TopP}.", "top_p");
        Must(MaxTokens >= 1, $"max_tokens must be at least 1, not {MaxTokens}.", "max_tokens");
        Must(Concurrency is >= 1 and <= 256, $"The concurrency must be from 1 to 256, not {Concurrency}.", "concurrency");
        Must(Retries is >= 0 and <= 20, $"Retries must be from 0 to 20, not {Retries}.", "retries");
    }
}
