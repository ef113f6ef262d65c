using System.CommandLine;
using Workbench.Learning.Generation;
using Workbench.Web.Services;
using Workbench.Web.Services.Teachers;

namespace Workbench.Web.Commands.Data;

/// <summary>Options that name a teacher, what it may cost, and where its answers are kept.</summary>
internal sealed class TeacherOptions
{
    private readonly Option<string?> model = new("--model") { Description = "A model folder in Hugging Face's layout; with --endpoint, the model's name there.", HelpName = "DIR_OR_NAME" };
    private readonly Option<string?> adapter = ModelOptions.Adapter();
    private readonly Option<string> device = ModelOptions.Device();
    private readonly Option<string?> endpoint = new("--endpoint") { Description = "An OpenAI-compatible endpoint up to its version, e.g. http://127.0.0.1:8000/v1.", HelpName = "URL" };
    private readonly Option<string> key = new("--api-key-env") { Description = "Environment variable that holds the endpoint's key.", HelpName = "NAME", DefaultValueFactory = _ => "OPENAI_API_KEY" };
    private readonly Option<double> temperature;
    private readonly Option<double> topP = new("--top-p") { Description = "Keeps the most probable tokens whose probabilities reach this sum.", HelpName = "P", DefaultValueFactory = _ => 1 };
    private readonly Option<int> maxTokens = new("--max-tokens") { Description = "Most tokens of an answer.", HelpName = "N", DefaultValueFactory = _ => 1024 };
    private readonly Option<int> seed = new("--seed") { Description = "Seeds of all answers follow from it.", HelpName = "N", DefaultValueFactory = _ => 0 };
    private readonly Option<int?> concurrency = new("--concurrency") { Description = "Requests under way at the same time, 1 to 256; 8 unless given. A model here computes at most 16 together, and does so unless told otherwise.", HelpName = "N" };
    private readonly Option<int> retries = new("--retries") { Description = "How often a request is tried again, 0 to 20, waiting longer each time.", HelpName = "N", DefaultValueFactory = _ => 5 };
    private readonly Option<long?> maxRequests = new("--max-requests") { Description = "Budget: most questions asked in this run.", HelpName = "N" };
    private readonly Option<long?> maxTotalTokens = new("--max-total-tokens") { Description = "Budget: ask nothing more once so many tokens of prompts and answers were counted.", HelpName = "N" };
    private readonly Option<string?> system = new("--system") { Description = "A system message for prompts that have none.", HelpName = "TEXT" };
    private readonly Option<string?> ledger = new("--ledger") { Description = "Where answers are kept as they come; run again to go on. By default beside --output.", HelpName = "F" };

    public TeacherOptions(double temperature) =>
        this.temperature = new("--temperature") { Description = "0 takes the most probable token.", HelpName = "T", DefaultValueFactory = _ => temperature };

    public Option[] All => [model, adapter, device, endpoint, key, temperature, topP, maxTokens, seed, concurrency, retries, maxRequests, maxTotalTokens, system, ledger];

    public AnswerPlan Plan(ParseResult arguments, int perPrompt) => new()
    {
        PerPrompt = perPrompt,
        System = arguments.GetValue(system),
        Seed = arguments.GetValue(seed),
        MaxRequests = arguments.GetValue(maxRequests),
        MaxTotalTokens = arguments.GetValue(maxTotalTokens),
    };

    public AnswerLedger Ledger(ParseResult arguments, string? output) =>
        AnswerLedger.Open(arguments.GetValue(ledger) ?? (output is null ? null : output + ".answers.jsonl"));

    /// <summary>The teacher, and what is to be disposed after it.</summary>
    /// <exception cref="UserInputException">None is named, or an option is out of range.</exception>
    public (ITeacher Teacher, IDisposable Owned) Teacher(ParseResult arguments)
    {
        var name = arguments.GetValue(model) ?? throw new UserInputException("No teacher is named.", "Give --model DIR, or --endpoint URL with --model NAME.", "--model");
        if (arguments.GetValue(endpoint) is { } address)
        {
            var teacher = new EndpointTeacher(Endpoint(arguments, name, address), TimeProvider.System);
            return (teacher, teacher);
        }

        var sampling = new SamplingOptions { Temperature = arguments.GetValue(temperature), TopP = arguments.GetValue(topP), MaxTokens = arguments.GetValue(maxTokens) };
        sampling.Validate();
        var generator = Generator.Load(name, arguments.GetValue(adapter), arguments.GetValue(device)!);
        var together = arguments.GetValue(concurrency) ?? Generator.MaxTogether;
        if (together < 1)
        {
            throw new UserInputException($"The concurrency must be at least 1, not {together}.", "Leave it out for as many as are computed together.", "--concurrency");
        }

        return (new LocalTeacher(generator, LocalWeights.IdentityOf(name, arguments.GetValue(adapter)), sampling, TimeProvider.System, together), generator);
    }

    private EndpointOptions Endpoint(ParseResult arguments, string name, string address) => new()
    {
        Url = Uri.TryCreate(address, UriKind.Absolute, out var url) ? url : throw new UserInputException($"\"{address}\" is no address.", "Give one such as http://127.0.0.1:8000/v1.", "--endpoint"),
        Model = name,
        ApiKey = Environment.GetEnvironmentVariable(arguments.GetValue(key)!) is { Length: > 0 } secret ? secret : null,
        Temperature = arguments.GetValue(temperature),
        TopP = arguments.GetValue(topP),
        MaxTokens = arguments.GetValue(maxTokens),
        Concurrency = arguments.GetValue(concurrency) ?? 8,
        Retries = arguments.GetValue(retries),
    };
}
