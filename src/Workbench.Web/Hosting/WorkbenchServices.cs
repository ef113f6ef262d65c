using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Workbench.Web.Jobs;
using Workbench.Web.Persistence;
using Workbench.Web.Services.Candidates;
using Workbench.Web.Services.Chat;
using Workbench.Web.Services.Hub;
using Workbench.Web.Services.Import;
using Workbench.Web.Services.Judging;
using Workbench.Web.Services.Launch;
using Workbench.Web.Services.Review;
using Workbench.Web.Services.Rows;
using Workbench.Web.Services.Watching;
using Workbench.Web.Services;
using Workbench.Web.Starter.Guide;
using Workbench.Web.Starter;

namespace Workbench.Web.Hosting;

/// <summary>The composition root: everything that the pages, the API and the hub share.</summary>
public static class WorkbenchServices
{
    /// <summary>Registers the workbench's services over the data folder at <paramref name="dataRoot"/>.</summary>
    public static IServiceCollection AddWorkbench(this IServiceCollection services, string dataRoot)
    {
        var folder = new DataFolder(dataRoot);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(folder);
        services.AddDbContextFactory<WorkbenchDbContext>(options => WorkbenchDatabase.Configure(options, folder.Database));
        services.AddSingleton<DatasetStore>();
        services.AddSingleton<ModelService>();
        services.AddSingleton<MergeService>();
        services.AddSingleton(HubOptions.FromEnvironment());
        services.AddSingleton<HubDownloads>();
        services.AddSingleton<HubDatasets>();
        services.AddSingleton<ModelUpload>();
        services.AddSingleton<ModelExports>();
        services.AddSingleton<ModelLineage>();
        services.AddSingleton<StarterService>();
        services.AddSingleton<PathMemory>();
        services.AddSingleton<StarterExam>();
        services.AddSingleton<GuidedPath>();
        services.AddSingleton<DatasetService>();
        services.AddSingleton<Services.RowModels.RowModels>();
        services.AddSingleton<TokenIndexes>();
        services.AddSingleton<ColumnScans>();
        services.AddSingleton<DatasetRecipes>();
        services.AddSingleton<VersionRetention>();
        services.AddSingleton<RecipeJobs>();
        services.AddSingleton<MappingStore>();
        services.AddSingleton<RowRepair>();
        services.AddSingleton<CandidateStore>();
        services.AddSingleton<CandidateJobs>();
        services.AddSingleton<CandidateVersions>();
        services.AddSingleton<RowIndexes>();
        services.AddSingleton<RowViewer>();
        services.AddSingleton<VersionComparison>();
        services.AddSingleton<ReviewLog>();
        services.AddSingleton<ReviewedVersion>();
        services.AddSingleton<TemplateService>();
        services.AddSingleton<TokenizerCache>();
        services.AddSingleton<TokenizerService>();
        services.AddSingleton<PreviewService>();
        services.AddSingleton<LintService>();
        services.AddSingleton<TemplateExport>();
        services.AddSingleton<GeneratorPool>();
        services.AddSingleton<ChatModels>();
        services.AddSingleton<ChatService>();
        services.AddSingleton<PaletteSearch>();
        services.AddSingleton<VoteStore>();
        services.AddSingleton<VoteDataset>();
        services.AddSingleton<RunNotifier>();
        services.AddSingleton<RunSignal>();
        services.AddSingleton<RunPlanner>();
        services.AddSingleton<RunService>();
        services.AddSingleton<AlertService>();
        services.AddSingleton<SpeedHistory>();
        services.AddSingleton<RunPreflight>();
        services.AddSingleton<QueueService>();
        services.AddSingleton<QueueSettings>();
        services.AddSingleton<RunStore>();
        services.AddSingleton<RunCatalogue>();
        services.AddSingleton(SupervisionTiming.Default);
        services.AddSingleton(new WorkerLauncher(WorkerLauncher.OwnCommand()));
        services.AddSingleton<RunSupervisor>();
        services.AddHostedService<StartupService>(); // before the queue: it needs the database
        services.AddHostedService<RunScheduler>();
        return services;
    }
}
