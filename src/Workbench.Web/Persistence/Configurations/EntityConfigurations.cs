using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Workbench.Web.Persistence.Entities;

namespace Workbench.Web.Persistence.Configurations;

internal sealed class ModelConfiguration : IEntityTypeConfiguration<ModelEntry>
{
    public void Configure(EntityTypeBuilder<ModelEntry> builder)
    {
        builder.ToTable("Models").HasKey(model => model.Id);
        builder.HasIndex(model => model.Path).IsUnique();
    }
}

internal sealed class DatasetConfiguration : IEntityTypeConfiguration<DatasetEntry>
{
    public void Configure(EntityTypeBuilder<DatasetEntry> builder)
    {
        builder.ToTable("Datasets").HasKey(dataset => dataset.Id);
        builder.Ignore(dataset => dataset.Latest);
        builder.HasMany(dataset => dataset.Versions).WithOne().HasForeignKey(version => version.DatasetId);
        builder.Navigation(dataset => dataset.Versions).AutoInclude();
    }
}

internal sealed class DatasetVersionConfiguration : IEntityTypeConfiguration<DatasetVersion>
{
    public void Configure(EntityTypeBuilder<DatasetVersion> builder) =>
        builder.ToTable("DatasetVersions").HasKey(version => new { version.DatasetId, version.Number });
}

internal sealed class RunConfiguration : IEntityTypeConfiguration<RunEntry>
{
    public void Configure(EntityTypeBuilder<RunEntry> builder)
    {
        builder.ToTable("Runs").HasKey(run => run.Id);
        builder.HasIndex(run => new { run.Status, run.QueuePosition });
    }
}

internal sealed class RunMetricConfiguration : IEntityTypeConfiguration<RunMetric>
{
    public void Configure(EntityTypeBuilder<RunMetric> builder)
    {
        builder.ToTable("RunMetrics").HasKey(metric => new { metric.RunId, metric.Seq });
        builder.HasOne<RunEntry>().WithMany().HasForeignKey(metric => metric.RunId);
    }
}

internal sealed class TemplateConfiguration : IEntityTypeConfiguration<TemplateEntry>
{
    public void Configure(EntityTypeBuilder<TemplateEntry> builder)
    {
        builder.ToTable("Templates").HasKey(template => template.Id);
        builder.HasIndex(template => template.Name).IsUnique();
    }
}

internal sealed class TemplateVersionConfiguration : IEntityTypeConfiguration<TemplateVersion>
{
    public void Configure(EntityTypeBuilder<TemplateVersion> builder)
    {
        builder.ToTable("TemplateVersions").HasKey(version => new { version.TemplateId, version.Number });
        builder.HasOne<TemplateEntry>().WithMany().HasForeignKey(version => version.TemplateId);
    }
}
